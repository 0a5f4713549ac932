// Package tflog stands for that of terraform-plugin-log.
package tflog

func Debug(ctx any, message string, fields ...map[string]any) {}
