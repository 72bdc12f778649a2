package pinyin

// characters are read otherwise than the dictionary's first choice, in names of places and organisations.
var characters = map[rune]string{
	'长': "chang", // 长沙, 长春; the dictionary begins with zhang
	'都': "du",
	'藏': "zang",
	'佛': "fo",
	'勒': "le",
	'伽': "jia",
	'什': "shi",
	'覃': "qin",
	'泊': "bo",
	'曾': "zeng",
}

// longestWord is the length of the longest key of words.
const longestWord = 3

// words are places, and a few words of organisations' names, whose characters are read in a way of their own.
var words = map[string]string{
	// Provinces and cities.
	"重庆": "chong qing",
	"厦门": "xia men",
	"蚌埠": "beng bu",
	"六安": "lu an",

	// Counties and districts.
	"蚌山":  "beng shan",
	"六合":  "lu he",
	"番禺":  "pan yu",
	"乐清":  "yue qing",
	"乐亭":  "lao ting",
	"乐陵":  "lao ling",
	"涡阳":  "guo yang",
	"枞阳":  "zong yang",
	"大埔":  "da bu",
	"大城县": "dai cheng xian",
	"浚县":  "xun xian",
	"单县":  "shan xian",
	"蔚县":  "yu xian",
	"长子县": "zhang zi xian",
	"东阿县": "dong e xian",
	"洪洞":  "hong tong",
	"崆峒":  "kong tong",
	"中牟":  "zhong mu",
	"牟平":  "mu ping",
	"召陵":  "shao ling",
	"荥经":  "ying jing",
	"犍为":  "qian wei",
	"筠连":  "jun lian",
	"铅山":  "yan shan",
	"黄陂":  "huang pi",
	"宝坻":  "bao di",
	"珲春":  "hun chun",
	"瑷珲":  "ai hun",
	"穆棱":  "mu ling",
	"茄子":  "qie zi",
	"闵行":  "min hang",
	"吴堡":  "wu bu",
	"红寺堡": "hong si bu",
	"尉犁":  "yu li",
	"称多":  "chen duo",
	"宕昌":  "tan chang",
	"龙圩":  "long xu",
	"回龙圩": "hui long xu",

	// Towns and streets.
	"大栅栏": "da shi lan",
	"长子营": "zhang zi ying",
	"十里堡": "shi li pu",
	"浒墅关": "xu shu guan",
	"莘庄":  "xin zhuang",
	"解州":  "xie zhou",
	"会稽":  "kuai ji",

	// Organisations.
	"银行": "yin hang",
	"总行": "zong hang",
	"分行": "fen hang",
	"支行": "zhi hang",
	"行业": "hang ye",
	"会计": "kuai ji",
	"音乐": "yin yue",
	"乐器": "yue qi",
	"乐团": "yue tuan",
	"给水": "ji shui",
	"供给": "gong ji",
	"模具": "mu ju",
	"调解": "tiao jie",
	"空调": "kong tiao",
	"调味": "tiao wei",
	"市长": "shi zhang",
	"校长": "xiao zhang",
	"会长": "hui zhang",
	"成长": "cheng zhang",
	"阿胶": "e jiao",
}
