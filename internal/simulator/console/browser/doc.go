// Package browser tests the pages of the simulator in a real browser: Chromium
// without a window, driven over its debugging protocol. "make page" runs it. It
// knows the simulator by its command and its paths alone.
package browser
