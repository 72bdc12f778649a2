package apk

import (
	"encoding/pem"
	"slices"

	"gonghui/builder/apk/arsc"
	"gonghui/builder/apk/axml"
	"gonghui/builder/apk/chunk"
	"gonghui/builder/apk/zipfile"
)

// ids are the resources that the manifest names. The shell names none, so their numbers may change.
type ids struct {
	name, icon, theme, network uint32
}

type document struct {
	path string
	root axml.Node
}

type resources struct {
	table arsc.Table
	xml   []document
	files []zipfile.File
	ids   ids
}

// Places of types in the table.
const (
	typeString = iota
	typeColor
	typeMipmap
	typeStyle
	typeXML
	typeRaw
)

// Places of colours and mipmaps.
const (
	colorBrand = iota
	colorGround
	colorIcon
)

const (
	mipmapIcon = iota
	mipmapFront
	mipmapShape
)

const (
	iconXML    = "res/mipmap-anydpi-v26/icon.xml"
	networkXML = "res/xml/network.xml"
	trialCA    = "res/raw/trial_ca.pem"
	trialMark  = "试用"
)

func (in Input) resources() resources {
	ground := in.Icons.Background
	var r resources
	r.table.Package = in.ID
	legacy, icon := pictures("mipmap", "icon", in.Icons.Legacy)
	front, frontEntry := pictures("mipmap", "icon_front", in.Icons.Foreground)
	shape, shapeEntry := pictures("mipmap", "icon_shape", in.Icons.Monochrome)
	icon.Variants = append(icon.Variants, file(iconXML, arsc.Config{Density: arsc.AnyDensity, SDK: 26}))
	r.files = slices.Concat(legacy, front, shape)
	r.xml = []document{
		{iconXML, adaptive()},
		{networkXML, in.network()},
	}
	r.table.Types = []arsc.Type{
		typeString: {Name: "string", Entries: []arsc.Entry{in.label()}},
		typeColor: {Name: "color", Entries: []arsc.Entry{
			colorBrand:  {Name: "brand", Variants: []arsc.Variant{{Value: opaque(in.Colors.Brand)}}},
			colorGround: {Name: "ground", Variants: []arsc.Variant{{Value: opaque(in.Colors.Ground)}, {Config: arsc.Config{Night: true}, Value: opaque(in.Colors.GroundDark)}}},
			colorIcon:   {Name: "icon_ground", Variants: []arsc.Variant{{Value: opaque(uint32(ground.R)<<16 | uint32(ground.G)<<8 | uint32(ground.B))}}},
		}},
		typeMipmap: {Name: "mipmap", Entries: []arsc.Entry{mipmapIcon: icon, mipmapFront: frontEntry, mipmapShape: shapeEntry}},
		typeStyle:  {Name: "style", Entries: []arsc.Entry{theme()}},
		typeXML:    {Name: "xml", Entries: []arsc.Entry{{Name: "network", Variants: []arsc.Variant{file(networkXML, arsc.Config{})}}}},
	}
	if in.TrialCA != nil {
		r.table.Types = append(r.table.Types, arsc.Type{Name: "raw", Entries: []arsc.Entry{{Name: "trial_ca", Variants: []arsc.Variant{file(trialCA, arsc.Config{})}}}})
		r.files = append(r.files, zipfile.Deflated(trialCA, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: in.TrialCA})))
	}
	r.ids = ids{name: arsc.ID(typeString, 0), icon: arsc.ID(typeMipmap, mipmapIcon), theme: arsc.ID(typeStyle, 0), network: arsc.ID(typeXML, 0)}
	return r
}

// label is the name under the icon. The language of phones that speak neither is the general one; the other stands beside it.
func (in Input) label() arsc.Entry {
	zh, en := in.Name.ZH, in.Name.EN
	if in.TrialCA != nil {
		zh, en = zh+"（"+trialMark+"）", en+" (trial)"
	}
	general := zh
	if in.Language == "en" {
		general = en
	}
	return arsc.Entry{Name: "app_name", Variants: []arsc.Variant{
		{Value: chunk.Str(general)},
		{Config: arsc.Config{Language: "zh"}, Value: chunk.Str(zh)},
		{Config: arsc.Config{Language: "en"}, Value: chunk.Str(en)},
	}}
}

// The system's themes and attributes, by number (android.R of API level 35).
const (
	materialLight = 0x01030241 // Theme.Material.Light.NoActionBar
	materialDark  = 0x0103022e // Theme.Material.NoActionBar

	windowBackground             = 0x01010054
	colorPrimary                 = 0x01010433
	colorPrimaryDark             = 0x01010434
	colorAccent                  = 0x01010435
	statusBarColor               = 0x01010451
	windowSplashScreenBackground = 0x0101062c
)

// theme is what the phone shows before the shell draws: the body's ground and bars, its splash from Android 12 on.
func theme() arsc.Entry {
	brand, ground := chunk.Ref(arsc.ID(typeColor, colorBrand)), chunk.Ref(arsc.ID(typeColor, colorGround))
	e := arsc.Entry{Name: "Shell"}
	for _, night := range []bool{false, true} {
		for _, sdk := range []uint16{0, 31} {
			s := &arsc.Style{Parent: materialLight, Items: []arsc.Item{
				{Attr: windowBackground, Value: ground},
				{Attr: colorPrimary, Value: brand},
				{Attr: colorPrimaryDark, Value: brand},
				{Attr: colorAccent, Value: brand},
				{Attr: statusBarColor, Value: brand},
			}}
			if night {
				s.Parent = materialDark
			}
			if sdk >= 31 {
				s.Items = append(s.Items, arsc.Item{Attr: windowSplashScreenBackground, Value: ground})
			}
			e.Variants = append(e.Variants, arsc.Variant{Config: arsc.Config{Night: night, SDK: sdk}, Style: s})
		}
	}
	return e
}

// adaptive is the icon from Android 8 on: layers that the launcher cuts and moves.
func adaptive() axml.Node {
	layer := func(name string, id uint32) axml.Node {
		return axml.Node{Name: name, Attrs: []axml.Attr{{Name: "drawable", ID: attrDrawable, Value: chunk.Ref(id)}}}
	}
	return axml.Node{Name: "adaptive-icon", Kids: []axml.Node{
		layer("background", arsc.ID(typeColor, colorIcon)),
		layer("foreground", arsc.ID(typeMipmap, mipmapFront)),
		layer("monochrome", arsc.ID(typeMipmap, mipmapShape)),
	}}
}

// network lets nothing through unencrypted and trusts the system's authorities; a trial package also the one that it carries.
func (in Input) network() axml.Node {
	trust := func(src chunk.Value) axml.Node {
		return axml.Node{Name: "certificates", Attrs: []axml.Attr{{Name: "src", Value: src}}}
	}
	anchors := axml.Node{Name: "trust-anchors", Kids: []axml.Node{trust(chunk.Str("system"))}}
	if in.TrialCA != nil {
		anchors.Kids = append(anchors.Kids, trust(chunk.Ref(arsc.ID(typeRaw, 0))))
	}
	return axml.Node{Name: "network-security-config", Kids: []axml.Node{{
		Name:  "base-config",
		Attrs: []axml.Attr{{Name: "cleartextTrafficPermitted", Value: chunk.Bool(false)}},
		Kids:  []axml.Node{anchors},
	}}}
}

func file(path string, c arsc.Config) arsc.Variant {
	return arsc.Variant{Config: c, Value: chunk.Str(path)}
}

func opaque(rgb uint32) chunk.Value { return chunk.Color(0xff000000 | rgb) }
