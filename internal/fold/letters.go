package fold

// letters are the letters whose Latin spelling is not the letter without its marks. Upper
// case is folded before the look-up, except where Unicode's rule is not ours (İ, I).
//
// Sources: the national Latin alphabets of Azerbaijan, Kazakhstan (2021), Turkmenistan and
// Uzbekistan; the common Turkish transcription of Kyrgyz, Tatar, Bashkir, Chuvash, Sakha,
// Altai and Tuvan letters; for Russian, Bulgarian, Ukrainian, Serbian and Macedonian what
// people type. Spellings are those of Plain: digraphs become one letter in Key.
var letters = map[rune]string{
	// Latin
	'İ': "i", 'ı': "i", 'ə': "e", 'ǝ': "e", 'ɘ': "e", 'ß': "s", 'æ': "e", 'œ': "e", 'ø': "o",
	'ł': "l", 'đ': "d", 'ð': "d", 'ħ': "h", 'þ': "t", 'ŋ': "n", 'ɣ': "g", 'ƣ': "g", 'ɵ': "o",
	'ž': "zh", 'ʒ': "zh",
	// Cyrillic, as in Russian
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z",
	'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r",
	'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "ts", 'ч': "ch", 'ш': "sh",
	'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	// Kazakh, Kyrgyz, Tatar, Bashkir, Turkmen, Uzbek, Azerbaijani
	'ә': "e", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i",
	'җ': "j", 'ҡ': "k", 'ҙ': "z", 'ҫ': "s", 'ў': "o", 'ҳ': "h", 'ҹ': "j", 'ҝ': "g", 'ҷ': "j",
	// Sakha, Altai, Tuvan, Khakas, Chuvash, Gagauz, Karachay
	'ҕ': "g", 'ҥ': "n", 'ӱ': "u", 'ӧ': "o", 'ӓ': "a", 'ӑ': "a", 'ӗ': "e", 'ӳ': "u", 'ӷ': "g",
	'ӌ': "j", 'ӹ': "i", 'ӝ': "j", 'ӂ': "j", 'ӣ': "i", 'ӯ': "u", 'ҽ': "ch", 'ԥ': "p", 'ӏ': "",
	// Ukrainian, Belarusian, Serbian, Macedonian, Mongolian and old letters
	'ї': "yi", 'є': "e", 'ґ': "g", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "d", 'џ': "dzh",
	'ѓ': "g", 'ќ': "k", 'ѕ': "dz", 'ѐ': "e", 'ѝ': "i", 'ѣ': "e", 'ѳ': "f", 'ѵ': "i", 'ѫ': "a",
	// Arabic letters that keyboards of the region interchange
	'ى': "ي", 'ی': "ي", 'ې': "ي", 'ے': "ي", 'ک': "ك", 'ڪ': "ك", 'ة': "ه", 'ە': "ه", 'ھ': "ه",
	'ہ': "ه", 'ۀ': "ه", 'ۃ': "ه", 'ٱ': "ا", 'ۇ': "و", 'ۆ': "و", 'ۈ': "و", 'ۋ': "و", 'ڭ': "ن", 'ء': "",
	// Greek, Armenian
	'ς': "σ", 'և': "եւ",
}
