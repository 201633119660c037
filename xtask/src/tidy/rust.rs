//! Rust text without its comments and literals, so that a search finds code only.

/// The text with comments and the content of literals replaced by spaces; lines stay where they are.
pub fn code(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let inside_word =
            at > 0 && bytes.get(at - 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let length = match rest {
            [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            [b'/', b'*', ..] => block_comment(rest),
            [b'"', ..] => quoted(rest, b'"'),
            [b'r' | b'b' | b'c', ..] if !inside_word => raw_string(rest),
            // A lifetime has no closing quote two or three places on; an escape shows a character literal.
            [b'\'', b'\\', ..] => quoted(rest, b'\''),
            [b'\'', _, b'\'', ..] => 3,
            _ => 0,
        };
        for byte in rest.iter().take(length) {
            code.push(if *byte == b'\n' { b'\n' } else { b' ' });
        }
        if length == 0 {
            code.extend(rest.first());
        }
        at += length.max(1);
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// The length of a `/* */` comment, which may hold others.
fn block_comment(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        match text.get(at..) {
            Some([b'/', b'*', ..]) => {
                depth += 1;
                at += 2;
            }
            Some([b'*', b'/', ..]) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of a literal in these quotes, with backslash escapes.
fn quoted(text: &[u8], quote: u8) -> usize {
    let mut escaped = false;
    for (index, byte) in text.iter().enumerate().skip(1) {
        match *byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of `r"…"`, `r#"…"#`, `br"…"` and their like; 0 if this is none.
fn raw_string(text: &[u8]) -> usize {
    let prefix = text.iter().take_while(|byte| matches!(byte, b'b' | b'c')).count();
    let Some(after) = text.get(prefix..).and_then(|text| text.strip_prefix(b"r")) else { return 0 };
    let hashes = after.iter().take_while(|byte| **byte == b'#').count();
    if after.get(hashes) != Some(&b'"') {
        return 0;
    }
    let mut end = vec![b'"'];
    end.resize(hashes + 1, b'#');
    let body = prefix + 1 + hashes + 1;
    let content = text.get(body..).unwrap_or_default();
    match content.windows(end.len()).position(|window| window == end) {
        Some(position) => body + position + end.len(),
        None => text.len(),
    }
}

/// Whether the text holds this word, not as a part of a longer one.
pub fn has_word(text: &str, word: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(word).unwrap_or_default();
        !before.ends_with(part) && !after.starts_with(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_vanish_and_lines_stay() {
        let text = "a /* x /* y */ z */ b // c\n\"d\\\"e\" f r#\"g\"h\"# i '\\'' 'j' &'k str br\"l\" m";
        let code = code(text);
        assert_eq!(code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "f", "i", "&'k", "str", "m"]);
        assert_eq!(code.lines().count(), 2);
        assert_eq!(code.len(), text.len());
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("an unsafe { }", "unsafe"));
        assert!(!has_word("unsafe_code unsafely", "unsafe"));
        assert!(has_word("unsafely unsafe", "unsafe"));
    }
}
