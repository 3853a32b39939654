use actors::corpus::{Corpus, CorpusError};
use parity_scale_codec::{DecodeAll, Encode};

fn two() -> Corpus {
    let files = [("a", "0123456789"), ("empty", ""), ("b", "abcdef")];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    Corpus::from_files(files.to_vec()).unwrap()
}

#[track_caller]
fn check(offset: u64, len: usize, expected: &str) {
    assert_eq!(String::from_utf8(two().slice(offset, len)).unwrap(), expected);
}

#[test]
fn a_slice_runs_over_the_ends_of_files() {
    check(0, 4, "0123");
    check(8, 4, "89ab");
    check(14, 5, "ef012");
    check(15, 1, "f");
    check(16, 3, "012");
    check(3, 100, "3456789abcdef012");
    check(3, 0, "");
}

#[test]
fn names_and_order_are_part_of_the_digest() {
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let of = |files: &[(String, Vec<u8>)]| *Corpus::from_files(files.to_vec()).unwrap().digest();
    let (a, b) = (file("a", "x"), file("b", "y"));
    let first = of(&[a.clone(), b.clone()]);
    assert_ne!(first, of(&[b.clone(), a.clone()]));
    assert_ne!(first, of(&[file("c", "x"), b.clone()]));
    assert_eq!(first, of(&[a, b]));
}

#[test]
fn a_corpus_without_a_byte_is_refused() {
    assert_eq!(Corpus::from_files(Vec::new()), Err(CorpusError::Empty { files: 0 }));
    let empty = vec![("a".to_owned(), Vec::new())];
    assert_eq!(Corpus::from_files(empty), Err(CorpusError::Empty { files: 1 }));
}

#[test]
fn an_encoded_corpus_is_the_same() {
    let corpus = Corpus::builtin();
    let decoded = Corpus::decode_all(&mut &*corpus.encode()).unwrap();
    assert_eq!(decoded.digest(), corpus.digest());
    assert_eq!(decoded, corpus);
}

#[test]
fn the_built_in_texts_are_enough_to_work_on() {
    let corpus = Corpus::builtin();
    assert!((48 << 10..96 << 10).contains(&corpus.total_len()), "{} bytes", corpus.total_len());
    assert!(corpus.files().len() >= 6);
    assert!(corpus.files().iter().all(|(_, bytes)| std::str::from_utf8(bytes).is_ok()));
}
