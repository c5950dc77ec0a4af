package lang

// category is a CLDR plural category. Their order is that of categoryNames.
type category uint8

const (
	zero category = iota
	one
	two
	few
	many
	other
	categories
)

var categoryNames = [categories]string{"zero", "one", "two", "few", "many", "other"}

func categoryOf(name string) (category, bool) {
	for c, n := range categoryNames {
		if n == name {
			return category(c), true
		}
	}
	return other, false
}

// The rules for whole numbers, of CLDR. A test compares them with x/text.

func pluralEnglish(n int) category {
	if n == 1 {
		return one
	}
	return other
}

func pluralSpanish(n int) category {
	switch {
	case n == 1:
		return one
	case n != 0 && n%1_000_000 == 0:
		return many // un millón de respuestas
	}
	return other
}

func pluralArabic(n int) category {
	switch {
	case n == 0:
		return zero
	case n == 1:
		return one
	case n == 2:
		return two
	}
	switch r := n % 100; {
	case r >= 3 && r <= 10:
		return few
	case r >= 11:
		return many
	}
	return other
}

// pluralOf is the category of n, which may be negative.
func (l Lang) pluralOf(n int) category {
	if n < 0 {
		n = -n
	}
	return l.locale().plural(n)
}
