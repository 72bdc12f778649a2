package pinyin

// surnames are read otherwise than the same character in a word.
var surnames = map[rune]string{
	'不': "fou",
	'乐': "yue",
	'乜': "nie",
	'么': "yao",
	'仇': "qiu",
	'洗': "xian",
	'区': "ou",
	'单': "shan",
	'卜': "bu",
	'句': "gou",
	'召': "shao",
	'员': "yun",
	'贠': "yun",
	'折': "she",
	'朴': "piao",
	'查': "zha",
	'炅': "gui",
	'盖': "ge",
	'祭': "zhai",
	'种': "chong",
	'秘': "bi",
	'繁': "po",
	'缪': "miao",
	'翟': "zhai",
	'能': "nai",
	'薄': "bo",
	'解': "xie",
	'适': "kuo",
	'重': "chong",
	'长': "zhang",
	'隗': "wei",
	'黑': "he",
}

// compoundSurnames have two characters, at least one of them read in its own way.
var compoundSurnames = map[string]string{
	"尉迟": "yu chi",
	"万俟": "mo qi",
	"澹台": "tan tai",
	"长孙": "zhang sun",
}
