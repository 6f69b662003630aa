//! Packs the console's files into the binary: a table of every file in `console/`, raw and gzipped.
//!
//! The files in the folder are the files that ship; nothing is translated. The table is
//! `console_files.rs` in the build's output folder, read by `src/api/console/files.rs`.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where the files are.
const FOLDER: &str = "console";

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    let folder = root.join(FOLDER);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    // By the text of the path, as it is looked up; paths themselves compare part by part.
    files.sort_by_key(|file| file.to_string_lossy().replace('\\', "/"));
    let mut table = String::from("&[\n");
    for (at, file) in files.iter().enumerate() {
        let bytes = std::fs::read(file).expect("a file of the console");
        let packed = out.join(format!("console-{at}.gz"));
        std::fs::write(&packed, gzipped(&bytes)).expect("the output folder");
        let name = file.strip_prefix(&folder).expect("it is in there").to_string_lossy();
        let name = name.replace('\\', "/");
        let hex: String =
            Sha256::digest(&bytes)[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            table,
            "File {{ path: {name:?}, etag: \"\\\"{hex}\\\"\", raw: include_bytes!({file:?}), \
             gzip: include_bytes!({packed:?}) }},"
        )
        .expect("memory takes it");
    }
    table.push(']');
    std::fs::write(out.join("console_files.rs"), table).expect("the output folder");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder).expect("the console's folder") {
        let path = entry.expect("an entry of it").path();
        // Declarations are for the type checker of the tests.
        let is_declaration = path.to_string_lossy().ends_with(".d.ts");
        if path.is_dir() {
            collect(&path, files);
        } else if !is_declaration {
            files.push(path);
        }
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).expect("memory takes it");
    packer.finish().expect("memory takes it")
}
