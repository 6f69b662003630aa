//! Smart Encoding: look-alikes outside GSM-7 become GSM-7 characters, so that a curly quote does
//! not double the price of a text.
//!
//! Called by `segments` for counting and by whoever sends through a Messaging Service that has the
//! option on. It never touches a character that GSM-7 already has, nor one without a look-alike.
//! Contract: Twilio doc page "Smart Encoded Characters" (groups), and the official calculator's
//! list, except that an odd space becomes one space, not several.

/// Replaces every look-alike of `text`.
///
/// ```
/// assert_eq!(exchange::messages::smart_encoding::apply("“¼ cup…”"), "\"1/4 cup...\"");
/// ```
pub fn apply(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match look_alike(c) {
            Some(plain) => out.push_str(plain),
            None => out.push(full_width(c).unwrap_or(c)),
        }
    }
    out
}

/// Full-width forms sit in the order of ASCII, from U+FF01 for `!` to U+FF5E for `~`.
fn full_width(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

/// The plain spelling of a look-alike, one line for each group.
fn look_alike(c: char) -> Option<&'static str> {
    punctuation(c).or_else(|| ornament(c)).or_else(|| small_capital(c)).or_else(|| space(c))
}

fn punctuation(c: char) -> Option<&'static str> {
    Some(match c {
        '«' | '»' | '“' | '”' | '„' | '‟' | 'ʺ' | 'ˮ' | '〝' | '〞' | '〟' | '″' => {
            "\""
        }
        '‘' | '’' | '‛' => "'",
        'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | 'ˈ' | '´' | 'ˊ' | 'ˋ' | '`' | '′' | '\u{ff40}' => "'",
        '\u{313}' | '\u{314}' | '\u{fe10}' | '\u{fe11}' => "'",
        '÷' | '⁄' | '∕' | '⧸' | '\u{337}' | '\u{338}' => "/",
        '¼' => "1/4",
        '½' => "1/2",
        '¾' => "3/4",
        '⧹' | '⧵' | '﹨' | '\u{20e5}' => "\\",
        '\u{332}' | '‗' => "_",
        '∣' | '⎸' | '⎹' | '⏐' | '⎜' | '⎟' | '\u{20d2}' | '\u{20d3}' => "|",
        '‐'..='―' | '⁃' | '−' | '﹣' | '﹘' | '⎼' | '⎽' | '•' => "-",
        '‚' | '﹐' | '﹑' | '､' | '、' | '\u{326}' => ",",
        '。' | '﹒' | '｡' | '․' => ".",
        '…' => "...",
        '‼' => "!!",
        'ː' | '˸' | '꞉' | '⦂' | '\u{fe13}' | '﹕' => ":",
        '⁏' | '\u{fe14}' | '﹔' => ";",
        '\u{fe16}' | '﹖' => "?",
        'ǃ' | '\u{fe15}' | '﹗' => "!",
        '\u{347}' | '꞊' | '﹦' => "=",
        '‹' | '﹤' => "<",
        '›' | '﹥' => ">",
        _ => return None,
    })
}

fn ornament(c: char) -> Option<&'static str> {
    Some(match c {
        '❝' | '❞' => "\"",
        '❛' | '❜' => "'",
        '❨' | '❪' | '⟮' | '⦅' | '﹙' => "(",
        '❩' | '❫' | '⟯' | '⦆' | '﹚' => ")",
        '❴' | '﹛' => "{",
        '❵' | '﹜' => "}",
        '⁎' | '∗' | '⊛' | '⧆' | '﹡' => "*",
        '✢'..='✥' | '✱'..='✳' | '✺'..='✽' | '❃' | '❉'..='❋' => "*",
        '˖' | '﹢' => "+",
        '﹫' => "@",
        '﹩' => "$",
        '﹟' => "#",
        '﹪' => "%",
        '﹠' => "&",
        'ˆ' | '\u{302}' | '\u{1dcd}' => "^",
        '˜' | '˷' | '∼' | '\u{303}' | '\u{330}' | '\u{334}' => "~",
        _ => return None,
    })
}

fn small_capital(c: char) -> Option<&'static str> {
    Some(match c {
        'ᴀ' => "A",
        'ʙ' => "B",
        'ᴄ' => "C",
        'ᴅ' => "D",
        'ᴇ' => "E",
        'ꜰ' => "F",
        'ɢ' => "G",
        'ʜ' => "H",
        'ɪ' => "I",
        'ᴊ' => "J",
        'ᴋ' => "K",
        'ʟ' => "L",
        'ᴍ' => "M",
        'ɴ' => "N",
        'ᴏ' => "O",
        'ᴘ' => "P",
        'ʀ' => "R",
        'ꜱ' => "S",
        'ᴛ' => "T",
        'ᴜ' => "U",
        'ᴠ' => "V",
        'ᴡ' => "W",
        'ʏ' => "Y",
        'ᴢ' => "Z",
        _ => return None,
    })
}

/// Odd spaces become one space; what shows nothing at all goes.
fn space(c: char) -> Option<&'static str> {
    Some(match c {
        '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{2028}' | '\u{2029}' => " ",
        '\u{80}' | '\u{8d}' | '\u{90}' | '\u{9b}' | '\u{9f}' => " ",
        '\0' | '\u{3}' | '\u{4}' | '\u{10}'..='\u{14}' | '\u{17}' | '\u{19}' => "",
        '\u{200b}' | '\u{200c}' | '\u{2060}' | '\u{feff}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::segments::Encoding;
    use super::apply;

    #[test]
    #[rustfmt::skip]
    fn look_alikes_are_those_of_the_official_calculator() {
        let groups = [
            ("０", "0"),
            ("１", "1"),
            ("２", "2"),
            ("３", "3"),
            ("４", "4"),
            ("５", "5"),
            ("６", "6"),
            ("７", "7"),
            ("８", "8"),
            ("９", "9"),
            ("«»“”ʺˮ‟„❝❞〝〞＂", "\""),
            ("‘’ʻˈʼʽʹ‛＇´ˊ`ˋ❛❜\u{313}\u{314}︐︑", "'"),
            ("÷⧸\u{337}\u{338}⁄∕／", "/"),
            ("¼", "1/4"),
            ("½", "1/2"),
            ("¾", "3/4"),
            ("⧹⧵\u{20e5}﹨＼", "\\"),
            ("\u{332}＿‗", "_"),
            ("\u{20d2}\u{20d3}∣｜⎸⎹⏐⎜⎟", "|"),
            ("⎼⎽―﹣－‐⁃—–•", "-"),
            ("﹫＠", "@"),
            ("﹩＄", "$"),
            ("ǃ︕﹗！", "!"),
            ("﹟＃", "#"),
            ("﹪％", "%"),
            ("﹠＆", "&"),
            ("‚\u{326}﹐﹑，､、", ","),
            ("❨❪﹙（⟮⦅", "("),
            ("❩❫﹚）⟯⦆", ")"),
            ("⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆﹡＊", "*"),
            ("˖﹢＋", "+"),
            ("。﹒．｡", "."),
            ("ː˸⦂꞉︓：", ":"),
            ("⁏︔﹔；", ";"),
            ("﹤＜‹", "<"),
            ("\u{347}꞊﹦＝", "="),
            ("﹥＞›", ">"),
            ("︖﹖？", "?"),
            ("Ａᴀ", "A"),
            ("Ｂʙ", "B"),
            ("Ｃᴄ", "C"),
            ("Ｄᴅ", "D"),
            ("Ｅᴇ", "E"),
            ("Ｆꜰ", "F"),
            ("Ｇɢ", "G"),
            ("Ｈʜ", "H"),
            ("Ｉɪ", "I"),
            ("Ｊᴊ", "J"),
            ("Ｋᴋ", "K"),
            ("Ｌʟ", "L"),
            ("Ｍᴍ", "M"),
            ("Ｎɴ", "N"),
            ("Ｏᴏ", "O"),
            ("Ｐᴘ", "P"),
            ("Ｑ", "Q"),
            ("Ｒʀ", "R"),
            ("Ｓꜱ", "S"),
            ("Ｔᴛ", "T"),
            ("Ｕᴜ", "U"),
            ("Ｖᴠ", "V"),
            ("Ｗᴡ", "W"),
            ("Ｘ", "X"),
            ("Ｙʏ", "Y"),
            ("Ｚᴢ", "Z"),
            ("ˆ\u{302}＾\u{1dcd}", "^"),
            ("❴﹛｛", "{"),
            ("❵﹜｝", "}"),
            ("［", "["),
            ("］", "]"),
            ("˜˷\u{303}\u{330}\u{334}∼～", "~"),
            ("\u{10}\u{0}\u{3}\u{4}\u{17}\u{19}\u{11}\u{12}\u{13}\u{14}\u{2060}\u{200b}\u{200c}\u{feff}", ""),
            ("‼", "!!"),
            ("\u{2028}\u{2029}\u{2001}", " "),
            ("…", "..."),
        ];
        for (look_alikes, plain) in groups {
            for c in look_alikes.chars() {
                assert_eq!(apply(&c.to_string()), plain, "{c:?} U+{:04X}", c as u32);
            }
        }
    }

    #[test]
    fn an_odd_space_becomes_one_space() {
        for c in "\t\u{a0}\u{2002}\u{2003}\u{2009}\u{202f}\u{3000}\u{2028}".chars() {
            assert_eq!(apply(&format!("a{c}b")), "a b", "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn what_it_writes_is_gsm_7_and_what_gsm_7_has_stays() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let out = apply(&text);
            if Encoding::of(&text) == Encoding::Gsm7 {
                assert_eq!(out, text);
            } else if out != text {
                assert_eq!(Encoding::of(&out), Encoding::Gsm7, "{c:?} became {out:?}");
            }
        }
    }

    #[test]
    fn letters_without_a_look_alike_stay() {
        assert_eq!(apply("á Ñ 日本 😀"), "á Ñ 日本 😀");
    }
}
