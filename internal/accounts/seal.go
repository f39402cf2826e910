package accounts

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// sealed begins what a key has sealed; what does not begin so was stored without one.
const sealed = "v1:"

var errSealed = errors.New("accounts: a sealed secret cannot be opened; PORTAL_SECRET_KEY is missing or another one")

// seal encrypts a secret for one person (AES-256-GCM); without a key it stays as it is.
func seal(key []byte, userID int64, secret string) (string, error) {
	if len(key) == 0 {
		return secret, nil
	}
	aead, err := newAEAD(key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // never fails since Go 1.24
	return sealed + base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, []byte(secret), owner(userID))), nil
}

// unseal is the secret that seal took. A stranger's sealed secret does not open.
func unseal(key []byte, userID int64, stored string) (string, error) {
	text, ok := strings.CutPrefix(stored, sealed)
	if !ok {
		return stored, nil
	}
	if len(key) == 0 {
		return "", errSealed
	}
	aead, err := newAEAD(key)
	if err != nil {
		return "", err
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) < aead.NonceSize() {
		return "", errSealed
	}
	plain, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], owner(userID))
	if err != nil {
		return "", errSealed
	}
	return string(plain), nil
}

func owner(userID int64) []byte { return fmt.Appendf(nil, "totp:%d", userID) }

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("accounts: key: %w", err)
	}
	return cipher.NewGCM(block)
}
