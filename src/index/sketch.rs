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
        Self::and_len(word).0
    }

    /// The same, and how many characters the word has.
    fn and_len(word: &str) -> (Self, usize) {
        let bit = |it: u32| 1 << (it.wrapping_sub(97) % LETTERS);
        let first = word.chars().next().map_or(0, u32::from) << LETTERS;
        // Nearly all terms, and characters take three times as long as bytes.
        if word.is_ascii() {
            let letters = word.bytes().fold(first, |set, it| set | bit(it.into()));
            return (Self(letters), word.len());
        }
        let (letters, len) = word.chars().fold((first, 0), |(set, n), it| (set | bit(it.into()), n + 1));
        (Self(letters), len)
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
        let (sketch, len) = Sketch::and_len(term);
        if self.0.len() <= len {
            self.0.resize_with(len + 1, Vec::new);
        }
        self.0[len].push((sketch, position));
    }

    /// Those of terms with so many characters.
    pub fn of_len(&self, len: usize) -> &[(Sketch, u32)] {
        self.0.get(len).map_or(&[], Vec::as_slice)
    }
}
