//! The primitives of the byte format: varints and strings, in both directions.

/// Appends an unsigned LEB128 number.
pub fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a string: its length in bytes, then its bytes.
pub fn put_str(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u32);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a list of strings: their number, then each.
pub fn put_strs(out: &mut Vec<u8>, texts: &[String]) {
    put_varint(out, texts.len() as u32);
    for it in texts {
        put_str(out, it);
    }
}

/// Reads from the front of a slice. Every method gives `None` where the bytes
/// end early or are not of the form, and never panics.
#[derive(Clone, Copy)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    pub fn u8(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    pub fn varint(&mut self) -> Option<u32> {
        self.varint_here()
    }

    /// The same as part of the loop that it stands in, for loops over each of a
    /// million postings; elsewhere it would only be more bytes.
    #[expect(clippy::inline_always, reason = "the loop over postings takes half the time")]
    #[inline(always)]
    pub fn varint_here(&mut self) -> Option<u32> {
        // Most numbers are small.
        if let Some((first, rest)) = self.0.split_first()
            && *first < 0x80
        {
            self.0 = rest;
            return Some(u32::from(*first));
        }
        self.long_varint()
    }

    fn long_varint(&mut self) -> Option<u32> {
        if let [first, second @ ..0x80, rest @ ..] = self.0 {
            self.0 = rest;
            return Some(u32::from(first & 0x7f) | u32::from(*second) << 7);
        }
        let mut value = 0u32;
        // Five groups of seven bits hold 32 bits; a sixth is not a number of ours.
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.u8()?;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    pub fn size(&mut self) -> Option<usize> {
        self.varint().map(|it| it as usize)
    }

    pub fn str(&mut self) -> Option<&'a str> {
        let n = self.size()?;
        std::str::from_utf8(self.take(n)?).ok()
    }

    pub fn string(&mut self) -> Option<String> {
        self.str().map(String::from)
    }

    /// A list, each item read by `item`. An item takes at least one byte, so a
    /// number of items beyond the bytes left is refused before any allocation.
    pub fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.size()?;
        if n > self.0.len() {
            return None;
        }
        let mut items = Vec::with_capacity(n);
        for _ in 0..n {
            items.push(item(self)?);
        }
        Some(items)
    }

    pub fn strings(&mut self) -> Option<Vec<String>> {
        self.list(Self::string)
    }
}

/// The four bytes at `at` as a number; `None` past the end.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
