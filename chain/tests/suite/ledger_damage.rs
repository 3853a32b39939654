//! Ledgers whose files were damaged. None may go on with fewer or other blocks without saying so, panic, or hang.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chain::ledger::{Durability, Error, Finding, Ledger, OnDamage, Options, Summary};

use crate::ledger::{frame, frames, identity};
use crate::ledger_child::{
    BLOCK, CHECKPOINT_EVERY, Dice, checkpoint, compare, lines, outcome, rounds, seed, start,
};
use crate::ledger_creation::contents;

/// A ledger to be damaged, and what it was.
#[derive(Debug)]
struct Template {
    name: &'static str,
    path: PathBuf,
    /// The store as it was some hundred blocks earlier.
    old: PathBuf,
    durability: Durability,
    head: u64,
    checkpoint: u64,
    /// The newest checkpoint that the witness vouches for: a killed process may have left a newer one in the store,
    /// and nobody can miss what nobody was told of.
    vouched: u64,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn append(path: &Path, durability: Durability, count: u64) {
    let (ledger, opened) = Ledger::resume(path, &identity(seed()), durability).unwrap();
    let (head, mut parent) = opened.head.unwrap_or((0, opened.identity.genesis));
    for number in head + 1..=head + count {
        let block = frame(seed(), parent, number, BLOCK);
        parent = block.digest;
        ledger.append(block).unwrap();
        if number % CHECKPOINT_EVERY == 0 {
            ledger.checkpoint(number, checkpoint(number)).unwrap();
        }
    }
    ledger.close().unwrap();
}

fn kill_after(path: &Path, durability: Durability, words: usize) {
    let mut child = start("append", path, durability, None);
    let receiver = lines(&mut child);
    for _ in 0..words {
        receiver.recv_timeout(Duration::from_secs(120)).unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A ledger closed cleanly, one opened and closed again after that, and two whose process was killed.
fn template(dir: &Path, name: &'static str, durability: Durability) -> Template {
    let (path, old) = (dir.join(name), dir.join(format!("{name}-old")));
    append(&path, Durability::Buffered, 400);
    copy(&path.join("store"), &old);
    match name {
        "closed" => append(&path, durability, 500),
        "reopened" => {
            append(&path, durability, 500);
            append(&path, durability, 0);
        }
        _ => {
            append(&path, Durability::Buffered, 300);
            kill_after(&path, durability, if durability == Durability::Durable { 150 } else { 1_800 });
        }
    }
    // What an undamaged copy opens to is what a damaged one is measured by.
    let probe = dir.join(format!("{name}-probe"));
    copy(&path, &probe);
    let (ledger, opened) = Ledger::open(&probe, None, durability).unwrap();
    compare(&ledger, &opened);
    assert!(!opened.report.is_damaged(), "{}", opened.report);
    let checkpoint = opened.checkpoint.map_or(0, |(number, _)| number);
    let vouched = Ledger::inspect(&path, &mut |_| {})
        .unwrap()
        .witnessed
        .and_then(|witness| witness.checkpoint)
        .unwrap_or(0);
    Template { name, path, old, durability, head: opened.head.unwrap().0, checkpoint, vouched }
}

/// Damages one thing. Returns what, for the report.
fn damage(path: &Path, old: &Path, dice: &mut Dice) -> String {
    let store = path.join("store");
    let snapshots = || -> Vec<PathBuf> {
        let files = fs::read_dir(&store).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("snap.")).collect()
    };
    match dice.below(20) {
        0 => {
            snapshots().iter().for_each(|file| fs::remove_file(file).unwrap());
            "snapshots deleted".to_owned()
        }
        1 => {
            snapshots().iter().for_each(|file| drop(fs::write(file, b"")));
            "snapshots emptied".to_owned()
        }
        2 => {
            fs::write(store.join("snap.FFFFFFFFFFFFFFF0.generating"), [7; 20]).unwrap();
            "a torn snapshot left over".to_owned()
        }
        3 => {
            fs::remove_dir_all(&store).unwrap();
            copy(old, &store);
            "an older store put back".to_owned()
        }
        4 => {
            fs::copy(old.join("db"), store.join("db")).unwrap();
            "an older db put back".to_owned()
        }
        5 => flip(&path.join("HEAD"), dice),
        6 => flip(&path.join("MARK"), dice),
        7 => flip(&path.join("FORMAT"), dice),
        8 => flip(&store.join("conf"), dice),
        9 => match snapshots().first() {
            Some(file) => flip(file, dice),
            None => "nothing to flip".to_owned(),
        },
        10 => {
            let file = ["HEAD", "MARK", "FORMAT", "store/conf", "store/db"][dice.below(5) as usize];
            fs::remove_file(path.join(file)).unwrap();
            format!("{file} deleted")
        }
        _ => flip(&store.join("db"), dice),
    }
}

/// Damages some bytes of a file.
fn flip(file: &Path, dice: &mut Dice) -> String {
    let mut bytes = fs::read(file).unwrap();
    let len = bytes.len() as u64;
    let at = dice.below(len) as usize;
    let what = match dice.below(6) {
        0 | 1 => {
            bytes[at] ^= 1 << dice.below(8);
            "bit flipped"
        }
        2 => {
            bytes.iter_mut().skip(at).take(16).for_each(|byte| *byte ^= 0xA5);
            "16 bytes flipped"
        }
        3 => {
            bytes.iter_mut().skip(at & !4_095).take(4_096).for_each(|byte| *byte = 0);
            "page zeroed"
        }
        4 => {
            bytes.truncate(at);
            "truncated"
        }
        _ => {
            bytes.truncate((len - dice.below(len.min(65_536))) as usize);
            "tail cut"
        }
    };
    fs::write(file, bytes).unwrap();
    format!("{} {what} at {at} of {len}", file.file_name().unwrap().to_string_lossy())
}

/// What became of a damaged ledger, in a word for the summary.
fn judge(template: &Template, said: &[String]) -> Result<&'static str, String> {
    let first = said.first().ok_or("it said nothing")?;
    if first.starts_with("refused ") {
        return Ok("refused");
    }
    if said.last().map(String::as_str) != Some("done") {
        return Err("it stopped half-way".to_owned());
    }
    let numbers: Vec<u64> = first.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [head, checkpoint] = numbers[..] else { return Err(format!("not understood: {first}")) };
    let lost: Vec<(u64, u64)> = said
        .iter()
        .filter_map(|line| line.strip_prefix("lost ")?.split_once(' '))
        .map(|(first, last)| (first.parse().unwrap(), last.parse().unwrap()))
        .collect();
    let named = |number| lost.iter().any(|(first, last)| (*first..=*last).contains(&number));
    if head > template.head {
        return Err(format!("it opened at {head}, above {}", template.head));
    }
    if let Some(silent) = (head + 1..=template.head).find(|number| !named(*number)) {
        return Err(format!("SILENT: it opened at {head} of {}, block {silent} is not named", template.head));
    }
    let words = said.iter().filter(|line| line.starts_with("finding ")).count();
    let excused = head < template.checkpoint || said.iter().any(|line| line.contains("checkpoint"));
    let unheard_of = (template.vouched..=template.checkpoint).contains(&checkpoint);
    if checkpoint != template.checkpoint && !excused && !unheard_of {
        return Err(format!("SILENT: checkpoint {checkpoint} instead of {}", template.checkpoint));
    }
    Ok(match (head == template.head, words) {
        (true, 0) => "harmless",
        (true, _) => "reported, nothing lost",
        (false, _) => "lost blocks, all named",
    })
}

/// Inspects, exports and cuts a damaged ledger. Returns the head that was saved and what inspecting had said.
fn doctor(path: &Path, dir: &Path) -> Result<(u64, Summary), String> {
    let before = contents(path);
    let (new, victim) = (dir.join("export"), dir.join("cut"));
    let _ = fs::remove_dir_all(&new);
    let _ = fs::remove_dir_all(&victim);
    copy(path, &victim);
    let summary = Ledger::inspect(path, &mut |_| {}).map_err(|error| error.to_string())?;
    let exported = Ledger::export(path, &new, &mut |_| {});
    assert!(contents(path) == before, "a ledger was changed that was only looked at");
    let cut = Ledger::cut(&victim, &mut |_| {});
    let (exported, cut) = match (exported, cut) {
        (Ok(exported), Ok(cut)) => (exported, cut),
        (Err(Error::Lost { why, .. }), Err(Error::Lost { .. })) => {
            assert!(summary.head.is_none() && !summary.damage.is_empty(), "{summary:?}");
            return Err(why);
        }
        other => panic!("one way saves and the other does not: {other:?}"),
    };
    // What sled makes of a torn page is not the same every time; where nothing is damaged it is.
    if summary.damage.is_empty() {
        assert_eq!((exported.head, exported.digest), (cut.head, cut.digest));
        assert_eq!(summary.head, Some(exported.head));
    }
    if summary.damage.is_empty() && summary.repairs.is_empty() {
        assert_eq!((exported.lost, cut.kept), (None, None));
    }
    for (saved, head) in [(&new, exported.head), (&victim, cut.head)] {
        let (ledger, opened) = Ledger::open(saved, Some(&identity(seed())), Durability::Buffered).unwrap();
        compare(&ledger, &opened);
        assert_eq!(opened.head.map_or(0, |(number, _)| number), head);
        let findings = &opened.report.findings;
        let lost = findings.iter().any(|finding| finding.lost().is_some());
        assert!(!lost && (saved == &victim || findings.is_empty()), "{}: {}", saved.display(), opened.report);
    }
    Ok((exported.head, summary))
}

/// Whether what was saved agrees with what a start makes of the same ledger.
fn rescued(
    template: &Template,
    said: &[String],
    saved: Result<&(u64, Summary), &String>,
    witnessed: bool,
) -> Result<(), String> {
    let opened: Option<u64> =
        said[0].strip_prefix("opened ").and_then(|words| words.split(' ').next()?.parse().ok());
    match (opened, saved) {
        (Some(head), Ok((saved, summary))) => {
            let told = (head == template.head) == summary.damage.is_empty();
            // Above the witness nothing proves that there was more.
            let unproven = summary.witnessed.as_ref().is_none_or(|witness| head >= witness.head);
            let agrees = (head == *saved || !summary.damage.is_empty()) && (told || !witnessed || unproven);
            agrees.then_some(()).ok_or_else(|| format!("a start opens at {head}, {saved} was saved"))
        }
        (Some(head), Err(_)) => Err(format!("a start opens at {head}, and nothing can be saved")),
        (None, Ok((_, summary))) if summary.damage.is_empty() => Err("refused, but found sound".to_owned()),
        (None, _) => Ok(()),
    }
}

#[test]
fn no_damage_is_silent_and_none_panics_or_hangs() {
    let dir = tempfile::tempdir().unwrap();
    let templates = [
        template(dir.path(), "closed", Durability::Buffered),
        template(dir.path(), "reopened", Durability::Durable),
        template(dir.path(), "killed-buffered", Durability::Buffered),
        template(dir.path(), "killed-durable", Durability::Durable),
    ];
    let count = rounds(25, 200);
    let mut tally: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut rescues: BTreeMap<&str, u32> = BTreeMap::new();
    let mut failures = Vec::new();
    for index in 0..count {
        let template = &templates[index as usize % templates.len()];
        let mut dice = Dice::new(seed().wrapping_mul(1_000_003) + index);
        let path = dir.path().join("victim");
        let _ = fs::remove_dir_all(&path);
        copy(&template.path, &path);
        let what = damage(&path, &template.old, &mut dice);
        let saved = doctor(&path, dir.path());
        let verdict = match outcome(start("check", &path, template.durability, None)) {
            None => Err("HANG".to_owned()),
            Some((status, said, complaint)) if !status.success() => {
                Err(format!("PANIC: {status}: {said:?}\n{complaint}"))
            }
            Some((_, said, _)) => {
                let verdict = judge(template, &said).map_err(|why| format!("{why}: {said:?}"));
                let verdict = verdict.and_then(|word| {
                    rescued(template, &said, saved.as_ref(), true)
                        .map_err(|why| format!("{why}: {saved:?}, {said:?}"))?;
                    Ok(word)
                });
                *rescues.entry(saved.map_or("nothing", |_| "a prefix")).or_default() += 1;
                println!(
                    "{index} {} {what}: {verdict:?} {:?}",
                    template.name,
                    said.get(..3).unwrap_or(&said)
                );
                verdict
            }
        };
        match verdict {
            Ok(word) => *tally.entry((template.name, word)).or_default() += 1,
            Err(why) => failures.push(format!("{index}: {} with {what}: {why}", template.name)),
        }
    }
    println!("seed {}: {count} corruptions: {tally:?}, saved {rescues:?}, failed {}", seed(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // A corrupter that never hits anything proves nothing.
    assert!(tally.keys().any(|(_, word)| *word == "refused"), "{tally:?}");
    assert!(tally.keys().any(|(_, word)| *word == "lost blocks, all named"), "{tally:?}");
}

/// With `HEAD` and `MARK` gone as well nothing knows how many blocks there were. So an opening may not be silent about that,
/// and nothing may be said that makes a person delete what is left.
#[test]
fn damage_of_the_store_with_head_and_mark_is_never_silent() {
    let dir = tempfile::tempdir().unwrap();
    let template = template(dir.path(), "killed-durable", Durability::Durable);
    let mut failures = Vec::new();
    let count = rounds(8, 124);
    for index in 0..count {
        let mut dice = Dice::new(seed().wrapping_mul(7_000_003) + index);
        let path = dir.path().join("victim");
        let _ = fs::remove_dir_all(&path);
        copy(&template.path, &path);
        let mut what = vec![flip(&path.join("store/db"), &mut dice)];
        for name in ["HEAD", "MARK"] {
            what.push(match dice.below(4) {
                0 => {
                    fs::remove_file(path.join(name)).unwrap();
                    format!("{name} deleted")
                }
                1 => {
                    fs::write(path.join(name), b"").unwrap();
                    format!("{name} emptied")
                }
                _ => flip(&path.join(name), &mut dice),
            });
        }
        let what = what.join(", ");
        let saved = doctor(&path, dir.path());
        match outcome(start("check", &path, template.durability, None)) {
            None => failures.push(format!("{index}: {what}: HANG")),
            Some((status, said, complaint)) if !status.success() => {
                failures.push(format!("{index}: {what}: {status}: {said:?}\n{complaint}"));
            }
            Some((_, said, _)) => {
                println!("{index} {what}: {:?}", said.get(..3).unwrap_or(&said));
                let first = said.first().cloned().unwrap_or_default();
                let head =
                    first.strip_prefix("opened ").and_then(|words| words.split(' ').next()?.parse().ok());
                let silent = head.is_some_and(|head: u64| head != template.head)
                    && !said.iter().any(|line| line.starts_with("finding "));
                if silent || first.contains("delete") {
                    failures.push(format!("{index}: {what}: {said:?}"));
                }
                if let Err(why) = rescued(&template, &said, saved.as_ref(), false) {
                    failures.push(format!("{index}: {what}: {why}: {said:?}"));
                }
            }
        }
    }
    println!("seed {}: {count} corruptions with HEAD and MARK, failed {}", seed(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Flips a byte inside the stored events of one block.
fn damage_block(path: &Path, number: u64) {
    let file = path.join("store/db");
    let mut bytes = fs::read(&file).unwrap();
    let block = frames(seed(), number, BLOCK).pop().unwrap();
    let hits: Vec<_> =
        bytes.windows(32).enumerate().filter(|(_, window)| *window == &block.events[..32]).collect();
    let places: Vec<_> = hits.into_iter().map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at] ^= 1;
    }
    fs::write(&file, bytes).unwrap();
}

#[test]
fn damage_below_sound_blocks_is_refused_and_can_be_cut_on_request() {
    let dir = tempfile::tempdir().unwrap();
    let sound = dir.path().join("sound");
    append(&sound, Durability::Buffered, 400);
    append(&sound, Durability::Buffered, 0);
    let mut cut = 0;
    for number in (20..350).step_by(55) {
        let path = dir.path().join(number.to_string());
        copy(&sound, &path);
        damage_block(&path, number);
        match Ledger::open(&path, None, Durability::Buffered).unwrap_err() {
            error @ Error::DamagedMiddle { first, last, head: 400, .. } => {
                assert!((first..=last).contains(&number), "{error}");
                let text = error.to_string();
                assert!(text.contains("up to 400 are intact") && text.contains("localnet doctor"), "{text}");
                cut_on_request(&path, first);
                cut += 1;
            }
            // Where sled reads the place while it opens, it does not open.
            error => assert!(matches!(error, Error::Damaged { .. }), "{error}"),
        }
    }
    assert!(cut > 0, "no damage was found below sound blocks");
}

fn cut_on_request(path: &Path, first: u64) {
    let summary = Ledger::inspect(path, &mut |_| {}).unwrap();
    assert_eq!(summary.head, Some(first - 1));
    assert!(summary.damage.len() >= 2, "{:?}", summary.damage);

    let options = Options { on_damage: OnDamage::Cut, ..Options::default() };
    let (ledger, opened) = Ledger::open(path, None, options).unwrap();
    assert_eq!(opened.head.map_or(0, |(number, _)| number), first - 1);
    let cut = opened.report.findings.iter().find(|finding| matches!(finding, Finding::CutTail { .. }));
    assert_eq!(cut.and_then(Finding::lost), Some(first..=400), "{}", opened.report);
    compare(&ledger, &opened);
    ledger.close().unwrap();
    append(path, Durability::Buffered, 10);
    assert!(path.join("quarantine/1/store/db").is_file());
}

#[test]
fn a_damaged_last_block_is_cut_off_and_named() {
    let dir = tempfile::tempdir().unwrap();
    append(dir.path(), Durability::Buffered, 120);
    append(dir.path(), Durability::Buffered, 0);
    damage_block(dir.path(), 120);
    let (ledger, opened) = Ledger::open(dir.path(), None, Durability::Buffered).unwrap();
    let head = opened.head.unwrap().0;
    assert!(head < 120);
    assert_eq!(opened.report.lost().collect::<Vec<_>>(), [head + 1..=120]);
    assert!(opened.report.is_damaged());
    compare(&ledger, &opened);
}
