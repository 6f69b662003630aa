//! The console's files, as they are in the binary.
//!
//! `build.rs` makes the table. A debug build looks at the folder first, so that a change shows
//! with the next reload; a file that is as it was built comes from the binary there, too.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The page that every room is in.
const PAGE: &str = "index.html";

/// A file of the console.
pub(super) struct File {
    /// From the console's folder.
    pub(super) path: &'static str,
    /// Changes with its bytes.
    pub(super) etag: &'static str,
    /// As it is in the folder.
    pub(super) raw: &'static [u8],
    /// The same, gzipped.
    pub(super) gzip: &'static [u8],
}

/// Every file, sorted by path.
pub(super) const FILES: &[File] = include!(concat!(env!("OUT_DIR"), "/console_files.rs"));

/// Answers with a file; a path without an ending is a room, and gets the page.
pub(super) fn answer(path: &str, asked: &HeaderMap) -> Response {
    let path = if path.rsplit('/').next().unwrap_or_default().contains('.') { path } else { PAGE };
    let found = FILES.binary_search_by(|file| file.path.cmp(path)).ok().map(|at| &FILES[at]);
    if let Some(bytes) = edited(path, found) {
        return ([(header::CONTENT_TYPE, kind(path))], bytes).into_response();
    }
    let Some(file) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let has = |name: header::HeaderName, wanted: &str| {
        let texts = asked.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split(',')).any(|one| {
            let one = one.trim().trim_start_matches("W/");
            one == wanted || one.split(';').next() == Some(wanted)
        })
    };
    let headers = [
        (header::CONTENT_TYPE, kind(path)),
        (header::ETAG, file.etag),
        (header::VARY, "Accept-Encoding"),
    ];
    if has(header::IF_NONE_MATCH, file.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if has(header::ACCEPT_ENCODING, "gzip") {
        let packed = [(header::CONTENT_ENCODING, "gzip")];
        return (headers, packed, Body::from(Bytes::from_static(file.gzip))).into_response();
    }
    (headers, Body::from(Bytes::from_static(file.raw))).into_response()
}

/// In a debug build: a file of the folder that is not as it was built.
#[cfg(debug_assertions)]
fn edited(path: &str, built: Option<&File>) -> Option<Vec<u8>> {
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/console"));
    let bytes = std::fs::read(folder.join(path)).ok()?;
    (built.map(|file| file.raw) != Some(bytes.as_slice())).then_some(bytes)
}

/// A binary that ships has its files in itself alone.
#[cfg(not(debug_assertions))]
fn edited(_path: &str, _built: Option<&File>) -> Option<Vec<u8>> {
    None
}

/// The media type of a file, by its ending.
fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "webmanifest" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::Path;

    /// Bytes that the first view may take, compressed.
    const FIRST_VIEW_BYTES_MAX: usize = 300_000;

    fn read(folder: &Path, under: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).expect("the folder") {
            let entry = entry.expect("an entry");
            let name = format!("{under}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                read(&entry.path(), &format!("{name}/"), files);
            } else if !name.ends_with(".d.ts") {
                files.insert(name, std::fs::read(entry.path()).expect("a file"));
            }
        }
    }

    #[test]
    fn the_binary_has_what_the_folder_has() {
        let mut files = BTreeMap::new();
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("console"), "", &mut files);
        let built: BTreeMap<String, Vec<u8>> =
            FILES.iter().map(|file| (file.path.to_owned(), file.raw.to_vec())).collect();
        assert!(files == built, "the table and the folder differ");
        assert!(FILES.is_sorted_by_key(|file| file.path));
    }

    #[test]
    fn even_all_files_together_are_a_small_first_view() {
        let all: usize = FILES.iter().map(|file| file.gzip.len()).sum();
        assert!(all < FIRST_VIEW_BYTES_MAX, "{all} bytes");
    }

    #[test]
    fn every_file_has_a_media_type_of_its_own() {
        let plain = FILES.iter().filter(|file| kind(file.path).starts_with("text/plain"));
        let plain: Vec<&str> = plain.map(|file| file.path).collect();
        assert!(plain.iter().all(|path| path.contains("LICENSE")), "{plain:?}");
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        let answer = answer("../Cargo.toml", &HeaderMap::new());
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
}
