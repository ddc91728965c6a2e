//! A compiled file that was made to mislead, with a checksum that fits, is
//! refused or read to its last byte without harm.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::search;

/// Where what the checksum covers begins, and where it stands itself.
const BODY: usize = 24;
const SUM: usize = 16;

static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let table = "# Calls\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| No sound | Muted | Turn the volume up; wait 5 min |\n| Line drops | Café Wi-Fi | Use a cable; contact support |\n";
    sources.add("calls.md", table.into());
    sources.add("vocabulary.toml", b"synonyms = [[\"sound\", \"audio\"]]\n[aliases]\n\"calls-no-sound\" = [\"hear nothing\"]\n".to_vec());
    index::write(&Book::read(&sources).contents(Audience::Staff))
});

fuzz_target!(|bytes: &[u8]| {
    // Pairs of a place and a byte, on a file that is whole; or a file as it comes.
    let mut file = match bytes.split_first() {
        Some((0, edits)) => {
            let mut file = WHOLE.clone();
            for edit in edits.chunks_exact(3) {
                let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % file.len();
                file[at] = edit[2];
            }
            file
        }
        Some((_, file)) => file.to_vec(),
        None => return,
    };
    if file.len() >= BODY {
        let sum = checksum(&file[BODY..]);
        file[SUM..BODY].copy_from_slice(&sum.to_le_bytes());
    }
    let Ok(index) = Index::open(file) else { return };
    for query in ["", "no sound", "lien drops wifi", "audio 503"] {
        let found = search::run(&index, query, None);
        assert!(found.hits.iter().all(|it| it.doc < index.n_entries()));
        search::answers(&index, &found, 10);
    }
    for doc in 0..index.n_entries() {
        let id = index.summary(doc).id;
        let _ = (index.find(&id), index.resolution(doc), index.revision(doc), index.block(doc));
    }
});

/// As the format has it.
fn checksum(bytes: &[u8]) -> u64 {
    let round = |sum: u64, word: [u8; 8]| (sum ^ u64::from_le_bytes(word)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    let (words, rest) = bytes.as_chunks();
    let sum = words.iter().fold(0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64, |sum, it| round(sum, *it));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    if rest.is_empty() { sum } else { round(sum, last) }
}
