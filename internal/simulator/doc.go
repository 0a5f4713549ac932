// Package simulator is the ModelArts notebook service in memory: the 34
// operations of the contract in package api, and the part of IAM that a client
// of the service needs. It keeps state, obeys a clock, verifies signatures as
// the gateway does, and can be told to fail.
//
// It is written from the contract alone and shares nothing with the client of
// this module, so that a mistake in one of them shows in the other.
//
// A [Simulator] is an [http.Handler]. What the service knows, was asked and is
// told to do wrong is at hand through its methods and, for other processes,
// over HTTP below /_simulator/. Those paths ask for no credentials, so serve
// it on a loopback address only.
package simulator
