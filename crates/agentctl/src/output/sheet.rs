//! A table without lines whose cells may have several lines and a colour.

/// What stands before and between columns.
const GAP: &str = "  ";

/// A colour of a terminal: the number that ECMA-48 gives to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Green = 32,
    Yellow = 33,
    Magenta = 35,
    Cyan = 36,
    BrightRed = 91,
    BrightYellow = 93,
    BrightMagenta = 95,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    pub colour: Option<Colour>,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), colour: None }
    }

    pub fn coloured(text: impl Into<String>, colour: Colour) -> Cell {
        Cell { text: text.into(), colour: Some(colour) }
    }
}

/// A line with the titles, then the lines of each row. Every cell but the last is filled up to the width of its column.
pub fn sheet(titles: &[&str], rows: &[Vec<Cell>], colours: bool) -> String {
    let mut widths: Vec<usize> = titles.iter().map(|title| width(title)).collect();
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(cell.text.lines().map(width).max().unwrap_or(0));
        }
    }
    let mut text = String::new();
    for (title, most) in titles.iter().zip(&widths) {
        put(&mut text, title, *most, None);
    }
    end(&mut text);
    for row in rows {
        let height = row.iter().map(|cell| cell.text.lines().count()).max().unwrap_or(0).max(1);
        let mut cells: Vec<_> =
            row.iter().map(|cell| (cell.text.lines(), cell.colour.filter(|_| colours))).collect();
        for _ in 0..height {
            for ((lines, colour), most) in cells.iter_mut().zip(&widths) {
                put(&mut text, lines.next().unwrap_or_default(), *most, *colour);
            }
            end(&mut text);
        }
    }
    text
}

/// Ends a line. Blanks at the end would only make a terminal break it.
fn end(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
}

/// One line of a cell.
fn put(text: &mut String, line: &str, most: usize, colour: Option<Colour>) {
    text.push_str(GAP);
    match colour.filter(|_| !line.is_empty()) {
        Some(colour) => text.push_str(&paint(line, colour, true)),
        None => text.push_str(line),
    }
    text.extend(std::iter::repeat_n(' ', most - width(line)));
}

/// The text in this colour, if colours are wanted. The colour has no width.
pub fn paint(text: &str, colour: Colour, colours: bool) -> String {
    match colours {
        true => format!("\x1b[{}m{text}\x1b[0m", colour as u8),
        false => text.to_string(),
    }
}

fn width(line: &str) -> usize {
    line.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_filled_up_and_may_have_lines() {
        let rows = [
            vec![Cell::new("1"), Cell::new("ok")],
            vec![Cell::new("22"), Cell::coloured("long\nx", Colour::Green)],
        ];
        assert_eq!(sheet(&["A", "BCD"], &rows, false), "  A   BCD\n  1   ok\n  22  long\n      x\n");
        assert_eq!(sheet(&["A"], &[], true), "  A\n");
    }

    #[test]
    fn colours_do_not_count_as_width() {
        let rows = [vec![Cell::coloured("ok", Colour::Green), Cell::coloured("", Colour::Cyan)]];
        assert_eq!(sheet(&["ONE", "B"], &rows, true), "  ONE  B\n  \x1b[32mok\x1b[0m\n");
    }
}
