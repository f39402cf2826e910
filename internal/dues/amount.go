package dues

import (
	"math/big"
	"strconv"
	"strings"
)

// Amount is money in hundredths of its currency's unit: exact, never a float.
type Amount int64

// maxAmount is what numeric(18,2) holds, with room for sums.
const maxAmount Amount = 1_000_000_000_000_00

// ParseAmount reads an exact decimal with at most two places: "1250.50". It reports false
// for what is none, and for what is too large to be owed.
func ParseAmount(s string) (Amount, bool) {
	whole, rest, _ := strings.Cut(s, ".")
	negative := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	if len(rest) > 2 || whole == "" || len(whole) > 13 || strings.Trim(whole+rest, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(rest + "00")[:2], 10, 64)
	if err != nil || Amount(n) > maxAmount {
		return 0, false
	}
	if negative {
		n = -n
	}
	return Amount(n), true
}

// String writes the exact decimal: "1250.50".
func (a Amount) String() string {
	sign, n := "", int64(a)
	if n < 0 {
		sign, n = "-", -n
	}
	cents := strconv.FormatInt(n%100, 10)
	if len(cents) == 1 {
		cents = "0" + cents
	}
	return sign + strconv.FormatInt(n/100, 10) + "." + cents
}

// MarshalText writes the amount into JSON as an exact decimal.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// rat is the amount as a fraction of its unit.
func (a Amount) rat() *big.Rat { return big.NewRat(int64(a), 100) }

// rounded is a positive fraction as an amount, halves rounded up; false where it is too large.
func rounded(r *big.Rat) (Amount, bool) {
	return roundedTo(r, big.NewRat(1, 100))
}

// roundedTo rounds to a multiple of step, halves up.
func roundedTo(r, step *big.Rat) (Amount, bool) {
	parts := new(big.Rat).Quo(r, step)
	parts.Add(parts, big.NewRat(1, 2))
	whole := new(big.Int).Div(parts.Num(), parts.Denom())
	hundredths := new(big.Rat).Mul(new(big.Rat).SetInt(whole), step)
	hundredths.Mul(hundredths, big.NewRat(100, 1))
	if !hundredths.IsInt() || !hundredths.Num().IsInt64() || Amount(hundredths.Num().Int64()) > maxAmount {
		return 0, false
	}
	return Amount(hundredths.Num().Int64()), true
}

// decimal reads a non-negative decimal with at most ten places, for rates and shares.
func decimal(s string) (*big.Rat, bool) {
	whole, rest, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 10 || len(rest) > 10 || strings.Trim(whole+rest, "0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
