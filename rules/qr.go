package rules

import "strings"

// RegistrationQR is what the QR code of a confirmed registration says where its signed
// code is not known: its number without hyphens, since scanners on other keyboard layouts
// garble what is not a letter or a digit (design.md, The badge).
// NormalizeRegistrationNumber reads it back.
func RegistrationQR(number string) string { return strings.ReplaceAll(number, "-", "") }
