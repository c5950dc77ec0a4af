package clause

import (
	"strings"
	"testing"

	"guildhall/internal/fault"
)

func parse(t *testing.T, md string) *Doc {
	t.Helper()
	d, err := Parse(md)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const contract = `Terms of Service
================

Last updated: 3 March 2023

## 1. Fees

1.1 We charge a service fee of 10 % on every payment that a client makes through the site.

1.2 You may withdraw your balance at any time, and we pay it out within five working days.

## 2. Conduct

While you use the site you must not:

* offer weapons
* share contact details before a contract begins
* copy another member's profile

## 3. Disputes

Any dispute about these terms is settled by the courts of Dublin, and the law of Ireland applies to it.

See section 2 for what you must not do. We may close your account if you do it all the same.
`

func TestParse_findsClauses(t *testing.T) {
	t.Parallel()
	d := parse(t, contract)
	var kinds, labels []string
	for _, c := range d.Clauses {
		kinds = append(kinds, map[Kind]string{Paragraph: "p", Heading: "h", Item: "i", Row: "r"}[c.Kind])
		if c.Label != "" {
			labels = append(labels, c.Label)
		}
	}
	if got := strings.Join(kinds, ""); got != "hphpphpiiihpp" {
		t.Errorf("kinds %s", got)
	}
	if got := strings.Join(labels, " "); got != "1 1.1 1.2 2 3" {
		t.Errorf("labels %s", got)
	}
	if c := d.Clauses[3]; strings.Join(c.Trail, " > ") != "Terms of Service > Fees" || !strings.HasPrefix(c.Name(), "1.1 We charge") {
		t.Errorf("clause %q below %q", c.Name(), c.Trail)
	}
	if d.Language != "en" {
		t.Errorf("language %q", d.Language)
	}
}

// What changes between two versions of the contract, and what is said of it.
func TestCompare_classes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to string
		class    Class
		why      Reason // of the first change; empty when there is none
	}{
		"the same":               {"x", "x", None, ""},
		"signs and type":         {"at any time, and we", "**at any time** – and we", None, ""},
		"links":                  {"service fee", "[service fee](https://example.org/fee)", None, ""},
		"bullets":                {"* offer weapons", "● offer weapons", None, ""},
		"renumbered":             {"1.2 You may", "1.3 You may", None, ""},
		"lost letters":           {"another member's", "another member\u2019s", None, ""},
		"new version":            {"3 March 2023", "14 April 2024", Reworded, WhyDate},
		"reference":              {"See section 2 for", "See section 4 for", Reworded, WhyReference},
		"slip of the pen":        {"withdraw your balance", "withdarw your balance", Reworded, WhySpelling},
		"little word":            {"if you do it all the same", "if you do that all the same", Reworded, WhyLittle},
		"heading":                {"## 2. Conduct", "## 2. Behaviour", Reworded, WhyHeading},
		"percentage":             {"10 %", "12 %", Substantive, WhyNumber},
		"not":                    {"You may withdraw", "You may not withdraw", Substantive, WhyTurn},
		"may is must":            {"We may close", "We must close", Substantive, WhyTurn},
		"one forbidden act more": {"* offer weapons", "* offer weapons\n* gamble", Substantive, WhyNew},
		"one forbidden act less": {"* offer weapons\n", "", Substantive, WhyRemoved},
		"another place":          {"courts of Dublin", "courts of Delaware", Substantive, WhyWords},
		"days in words":          {"five working days", "ten working days", Substantive, WhyWords},
		"other side":             {"We may close your account", "You may close your account", Substantive, WhyTurn},
		"clause gone":            {"1.2 You may withdraw your balance at any time, and we pay it out within five working days.\n", "", Substantive, WhyRemoved},
	} {
		old, now := parse(t, contract), parse(t, strings.Replace(contract, c.from, c.to, 1))
		if c.from != c.to && strings.Replace(contract, c.from, c.to, 1) == contract && c.from != "x" {
			t.Fatalf("%s: nothing was changed", name)
		}
		got := Compare(old, now)
		why := Reason("")
		if len(got) > 0 {
			why = got[0].Why
		}
		if ClassOf(got) != c.class || why != c.why {
			t.Errorf("%s: %s because of %q, want %s because of %q", name, ClassOf(got), why, c.class, c.why)
		}
	}
}

// Words on their own, for what needs a sentence of its own.
func TestCompare_sentences(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, new string
		class    Class
	}{
		"a house moves":        {"We are registered in Ireland at the address 15 Flemming Place, Dublin 4.", "We are registered in Ireland at the address 2 Victoria Road, Dublin 1.", Reworded},
		"mail":                 {"Write to help@hall.example if you wish to complain about us.", "Write to complaints@hall.example if you wish to complain about us.", Reworded},
		"mail is hidden":       {"Write to help@hall.example if you wish to complain about us.", "Write to [\\[email protected\\]](https://hall.example/cdn-cgi/l/email-protection) if you wish to complain about us.", Reworded},
		"telephone":            {"Call us at +1 800 123 4567 between nine and five.", "Call us at +1 800 765 4321 between nine and five.", Reworded},
		"where to read on":     {"The fee is shown before you pay.", "The fee is shown before you pay. More information can be found in our FAQ section.", Reworded},
		"copyright":            {"© 2023 Hall Ltd, Dublin", "© 2024 Hall Ltd, Dublin", Formatting},
		"form of company":      {"This is a contract between you and Hall Inc. about the use of the site.", "This is a contract between you and Hall LLC about the use of the site.", Reworded},
		"form of what owns":    {"You agree with Hall Inc.'s rules about the use of the site.", "You agree with Hall LLC’s rules about the use of the site.", Reworded},
		"form is left out":     {"This is a contract between you and Hall Inc. about the use of the site.", "This is a contract between you and Hall about the use of the site.", Reworded},
		"form is written out":  {"This is a contract between you and Hall about the use of the site.", "This is a contract between you and Hall Limited about the use of the site.", Reworded},
		"limited is no form":   {"You have a licence to use the site.", "You have a limited licence to use the site.", Substantive},
		"another company":      {"This is a contract between you and Hall Inc. about the use of the site.", "This is a contract between you and Guild Inc. about the use of the site.", Substantive},
		"another name":         {"The contract covers these: Hall Mail, Hall Desk, Hall Counter and Hall Post.", "The contract covers these: Hall Mail, Hall Desk, Hall Table (formerly known as Hall Counter) and Hall Post.", Reworded},
		"formerly free":        {"The service is free of charge for you.", "The service formerly is free of charge for you.", Substantive},
		"to learn more":        {"The fee is shown before you pay.", "The fee is shown before you pay. To learn more about our way of reckoning fees in the North, visit this page.", Reworded},
		"to learn of a duty":   {"The fee is shown before you pay.", "The fee is shown before you pay. To learn more about our fees, you must give us your address.", Substantive},
		"words run together":   {"Please read these terms of service carefully before you begin.", "Please read these terms ofservice carefully before you begin.", Formatting},
		"printed twice":        {"Version 5, in force from 30 September 2021", "Version 5, in force from 30 September 2021Version 5, in force from 30 September 2021", None},
		"twice with a space":   {"Version 5, in force from 30 September 2021", "Version 5, in force from 30 September 2021 Version 5, in force from 30 September 2021", None},
		"in force later":       {"These terms are effective as of 4 October 2019.", "These terms are effective as of 9 October 2019.", Substantive},
		"days are no date":     {"You can ask for your money within 30 days of the payment.", "You can ask for your money within 14 days of the payment.", Substantive},
		"days near a section":  {"Under section 4 you can ask for your money for 30 days.", "Under section 4 you can ask for your money for 14 days.", Substantive},
		"days and a change":    {"If we change the fee it is effective after 30 days.", "If we change the fee it is effective after 14 days.", Substantive},
		"days and an address":  {"Tell us your new address within 30 days of moving.", "Tell us your new address within 10 days of moving.", Substantive},
		"employer, employee":   {"Taxes are paid by the employer in each case.", "Taxes are paid by the employee in each case.", Substantive},
		"refundable":           {"The deposit that you make is refundable at any time.", "The deposit that you make is nonrefundable at any time.", Substantive},
		"one word for two":     {"Fees are nonrefundable in any case whatsoever.", "Fees are non refundable in any case whatsoever.", Formatting},
		"French fee":           {"La commission est de 5 % du prix de chaque vente.", "La commission est de 8 % du prix de chaque vente.", Substantive},
		"French not":           {"Le vendeur peut annuler la commande à tout moment.", "Le vendeur ne peut pas annuler la commande à tout moment.", Substantive},
		"French date":          {"Mise à jour : 3 mars 2023", "Mise à jour : 14 avril 2024", Reworded},
		"German only":          {"Der Kunde darf die Ware zurückgeben.", "Der Kunde darf die Ware nur ungeöffnet zurückgeben.", Substantive},
		"Spanish accent":       {"El usuario acepta las condiciones de utilizacion del sitio.", "El usuario acepta las condiciones de utilización del sitio.", Reworded},
		"Japanese fee":         {"手数料は売上の五%とします。", "手数料は売上の八%とします。", Substantive},
		"Arabic not":           {"يجوز للمستخدم إغلاق الحساب في أي وقت.", "لا يجوز للمستخدم إغلاق الحساب في أي وقت.", Substantive},
		"a table's percentage": {"| Commission | 5% |", "| Commission | 8% |", Substantive},
		"one example less":     {"You can tell us of what should not be there (for example, reviews, replies to reviews and pictures) by mail.", "You can tell us of what should not be there (for example, reviews and pictures) by mail.", Reworded},
		"a rule in examples":   {"We may close accounts (for example, if you offer weapons).", "We may close accounts (for example, if you do not answer within 3 days).", Substantive},
		"behind the examples":  {"You may send pictures (for example, of your work) to clients.", "You may send pictures (for example, of your work) to clients and their banks.", Substantive},
		"a product joins":      {"These terms cover Hallmail, Hallpad, Halldrive and Hallchat on all devices.", "These terms cover Hallmail, Hallpad, Halldrive, Hallboard and Hallchat on all devices.", Reworded},
		"a country joins":      {"This holds for residents of Norway, Latvia, Estonia and Peru alike.", "This holds for residents of Norway, Latvia, Estonia, Chile and Peru alike.", Substantive},
		"a term is no name":    {"Prices include Order Fees, Tax, Delivery and Tips. We show the tips and the order.", "Prices include Order Fees, Tax, Delivery and Service Tips. We show the tips and the order of each service.", Substantive},
		"one more forbidden":   {"You must not sell Hallmail, Hallpad, Halldrive or Hallchat accounts.", "You must not sell Hallmail, Hallpad, Halldrive, Hallboard or Hallchat accounts.", Substantive},
		"items":                {"These terms cover:\n\n* Hallmail\n* Hallpad\n* Halldrive\n* Hallchat", "These terms cover:\n\n* Hallmail\n* Hallpad\n* Hallboard\n* Halldrive\n* Hallchat", Reworded},
		"forbidden items":      {"You must not offer:\n\n* Hallmail\n* Hallpad\n* Halldrive\n* Hallchat", "You must not offer:\n\n* Hallmail\n* Hallpad\n* Hallboard\n* Halldrive\n* Hallchat", Substantive},
		"headed in its line":   {"If one part of this is void the rest of it stays as it is.", "Severance of Parts: If one part of this is void the rest of it stays as it is.", Reworded},
		"abbreviation":         {"You can pay with a SNAP card in each shop.", "You can pay with a Supplemental Nutrition Assistance Program (SNAP) card in each shop.", Reworded},
		"run together twice":   {"Any content or material on the site is yours. You keep material on paper.", "Any content or materialon the site is yours. You keep material on paper.", Formatting},
		"cookies":              {"Fees are due at once.", "Fees are due at once.\n\nWe use cookies to make this site better. Accept all cookies", Formatting},
		"helpful":              {"Fees are due at once.\n\n12 out of 34 found this helpful", "Fees are due at once.\n\n15 out of 40 found this helpful", Formatting},
	} {
		changes := Compare(parse(t, c.old), parse(t, c.new))
		if got := ClassOf(changes); got != c.class {
			t.Errorf("%s: %s, want %s %+v", name, got, c.class, changes)
		}
	}
}

func TestCompare_movedIsNotNew(t *testing.T) {
	t.Parallel()
	parts := strings.SplitAfter(contract, "\n\n")
	// the second section goes to the end and gets another number
	moved := strings.Join(parts[:5], "") + strings.Join(parts[8:], "") + "\n" + strings.ReplaceAll(strings.Join(parts[5:8], ""), "## 2.", "## 4.")
	got := Compare(parse(t, contract), parse(t, moved))
	if ClassOf(got) != Moved {
		t.Errorf("%s: %+v", ClassOf(got), got)
	}
}

func TestCompare_splitAndJoined(t *testing.T) {
	t.Parallel()
	one := "You may withdraw your balance at any time and without a fee. We pay it out within five working days after you have asked for it. Holidays do not count as working days in this sense."
	three := strings.ReplaceAll(one, ". ", ".\n\n")
	for _, c := range [][2]string{{one, three}, {three, one}, {one, strings.ReplaceAll(one, " we ", "\n\nwe ")}} {
		if got := Compare(parse(t, c[0]), parse(t, c[1])); ClassOf(got) > Moved {
			t.Errorf("%s: %+v", ClassOf(got), got)
		}
	}
}

func TestCompare_newName(t *testing.T) {
	t.Parallel()
	old := "Premium delivery is faster than the usual one.\n\nThe price of premium delivery is shown first.\n\nWe may end premium delivery for a while."
	now := strings.NewReplacer("Premium", "Priority", "premium", "priority").Replace(old)
	if got := ClassOf(Compare(parse(t, old), parse(t, now))); got != Reworded {
		t.Errorf("renamed throughout: %s", got)
	}
	half := strings.Replace(old, "premium", "priority", 1)
	if got := ClassOf(Compare(parse(t, old), parse(t, half))); got != Substantive {
		t.Errorf("renamed once: %s", got)
	}
}

func TestParse_supersededPart(t *testing.T) {
	t.Parallel()
	current := babble(3, 3000)
	page := current + "\n\nPart B: Old version - effective until 3 May 2020\n\n" + babble(4, 3000)
	if got := Compare(parse(t, current), parse(t, page)); len(got) != 0 {
		t.Errorf("an older version printed below is new: %+v", got)
	}
}

func TestParse_refuses(t *testing.T) {
	t.Parallel()
	if _, err := Parse(strings.Repeat("a ", MaxText)); fault.From(err).Key != "terms.text.too_large" {
		t.Errorf("too large: %v", err)
	}
	if _, err := Parse(strings.Repeat("a\n\n", MaxClauses+2)); fault.From(err).Key != "terms.text.too_many" {
		t.Errorf("too many: %v", err)
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	c := Compare(parse(t, contract), parse(t, strings.Replace(contract, "10 %", "12 %", 1)))[0]
	old, now := c.Marks()
	show := func(ps []Piece) (out string) {
		for _, p := range ps {
			if p.Mark {
				out += "[" + p.Text + "]"
			}
		}
		return out
	}
	if show(old) != "[10]" || show(now) != "[12]" {
		t.Errorf("marked %s and %s", show(old), show(now))
	}
}

func FuzzParse(f *testing.F) {
	f.Add(contract, strings.ToUpper(contract))
	f.Add("| a | b |\n|--|--|\n| 1 | 2 |", "[a](b) ![x](y) <p>&amp;</p>")
	f.Add("1. 1.1 (a) iv) § 3 第一条", "[[a]([b](c))](d) \\[email protected\\]")
	f.Add("\xff\xfe\x00", "Ã©\u2028\u200b\ufffd")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := Parse(a)
		if err != nil {
			return
		}
		y, err := Parse(b)
		if err != nil {
			return
		}
		if got := Compare(x, x); len(got) != 0 {
			t.Errorf("a text differs from itself: %+v", got)
		}
		for _, c := range Compare(x, y) {
			c.Marks()
			if c.Clause() == nil || c.Clause().Name() == "" {
				t.Errorf("a change without a clause: %+v", c)
			}
		}
	})
}
