//! What terms look like from afar: enough to tell most of them from a misspelt
//! word without reading them.

/// Bits for letters; above them are those of the first character.
const LETTERS: u32 = 26;

/// A term as a set of letters with its first character. Letters from `a` to
/// `z` have a bit each; other characters share these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sketch(u32);

impl Sketch {
    /// Of a folded word.
    pub fn of(word: &str) -> Self {
        let letters = word.chars().fold(0, |set, it| set | 1 << (u32::from(it).wrapping_sub(97) % LETTERS));
        let first = word.chars().next().map_or(0, u32::from);
        Self(letters | first << LETTERS)
    }

    /// Whether a word that looks so can be `edits` away from one that looks
    /// like `other`: each edit adds, takes or replaces one letter.
    pub fn may_be(self, other: Self, edits: u32) -> bool {
        let differing = (self.0 ^ other.0) & ((1 << LETTERS) - 1);
        differing.count_ones() <= 2 * edits
    }

    /// Whether both begin alike.
    pub fn begins_like(self, other: Self) -> bool {
        (self.0 ^ other.0) >> LETTERS == 0
    }
}

/// The sketches of all terms, with their positions, by length in characters.
#[derive(Default)]
pub struct Sketches(Vec<Vec<(Sketch, u32)>>);

impl Sketches {
    pub fn add(&mut self, term: &str, position: u32) {
        let len = term.chars().count();
        if self.0.len() <= len {
            self.0.resize_with(len + 1, Vec::new);
        }
        self.0[len].push((Sketch::of(term), position));
    }

    /// Those of terms with so many characters.
    pub fn of_len(&self, len: usize) -> &[(Sketch, u32)] {
        self.0.get(len).map_or(&[], Vec::as_slice)
    }
}
