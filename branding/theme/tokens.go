package theme

// Product is the product's own colour, which a body has until it or a body above it chooses one.
const Product = "#C8161D"

// Tokens are what pages paint with. Each stands where it is used, readable there whatever was chosen.
type Tokens struct {
	Accent Color // as chosen, for what carries no text
	Solid  Color // ground of white text
	Text   Color // text on the light grounds
	Dark   Color // text on the dark grounds
	// The elder version, by AAA.
	SolidElder, TextElder, DarkElder Color
}

// Mended tells of a token that could not be the colour that was chosen.
type Mended struct {
	Token    string // solid, text, dark, solidElder, textElder, darkElder
	To       Color
	Contrast float64 // what the chosen colour would have had there
	Least    float64 // what is needed there
}

// Of makes the tokens of a colour, and tells which of them were mended.
func Of(accent Color) (Tokens, []Mended) {
	t := Tokens{Accent: accent}
	var told []Mended
	for _, use := range []struct {
		token       string
		to          *Color
		ground, end Color
		least       float64
	}{
		{"solid", &t.Solid, White, Black, AA},
		{"text", &t.Text, Page, Black, AA},
		{"dark", &t.Dark, Raised, White, AA},
		{"solidElder", &t.SolidElder, White, Black, AAA},
		{"textElder", &t.TextElder, Page, Black, AAA},
		{"darkElder", &t.DarkElder, Raised, White, AAA},
	} {
		*use.to = accent.Mend(use.ground, use.end, use.least)
		if *use.to != accent {
			told = append(told, Mended{use.token, *use.to, Contrast(accent, use.ground), use.least})
		}
	}
	return t, told
}
