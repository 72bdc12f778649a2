package iosproject

import (
	"fmt"

	"gonghui/builder/input"
)

const catalog = "App/Assets.xcassets/"

// assets writes the catalogue: icon, launch picture, colours.
func (in Input) assets(t input.Tree) error {
	info := dict{"author": "xcode", "version": 1}
	luminosity := func(value string) []dict { return []dict{{"appearance": "luminosity", "value": value}} }
	look := func(file, value string) dict {
		d := dict{"filename": file, "idiom": "universal", "platform": "ios", "size": fmt.Sprintf("%dx%d", Side, Side)}
		if value != "" {
			d["appearances"] = luminosity(value)
		}
		return d
	}
	colour := func(c uint32) dict {
		part := func(shift uint) string { return fmt.Sprintf("0x%02X", c>>shift&0xff) }
		return dict{"color-space": "srgb", "components": dict{"red": part(16), "green": part(8), "blue": part(0), "alpha": "1.000"}}
	}
	for path, v := range map[string]dict{
		"Contents.json":                       {"info": info},
		"AppIcon.appiconset/Contents.json":    {"info": info, "images": []dict{look("icon.png", ""), look("dark.png", "dark"), look("tinted.png", "tinted")}},
		"Launch.imageset/Contents.json":       {"info": info, "images": []dict{{"filename": "launch.png", "idiom": "universal", "scale": "3x"}}},
		"AccentColor.colorset/Contents.json":  {"info": info, "colors": []dict{{"idiom": "universal", "color": colour(in.Colors.Brand)}}},
		"LaunchGround.colorset/Contents.json": {"info": info, "colors": []dict{{"idiom": "universal", "color": colour(in.Colors.Brand)}}},
	} {
		if err := set(t, catalog+path, v); err != nil {
			return err
		}
	}
	t[catalog+"AppIcon.appiconset/icon.png"] = in.Icons.Whole
	t[catalog+"AppIcon.appiconset/dark.png"] = in.Icons.Layer
	t[catalog+"AppIcon.appiconset/tinted.png"] = in.Icons.Shape
	t[catalog+"Launch.imageset/launch.png"] = in.Icons.Layer
	return nil
}
