# What is typed often. `just` alone lists it.

_list:
    @just --list --unsorted

# the pure core's tests, without files, terminal and sled
core:
    cargo test --no-default-features

# every test
test:
    cargo test

# format and clippy, with the shell and without
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo clippy --all-targets --no-default-features -- -D warnings

# rewrite every answer in tests/stories to what comes back today; read the diff afterwards
stories:
    #!/bin/sh
    set -e
    mkdir -p target
    touch target/rewrite-stories
    trap 'rm -f target/rewrite-stories' EXIT
    cargo test --no-default-features --test stories
    git diff --stat -- tests/stories

# what the desk costs, beside its limits; docs/benches.md names the rows
bench *rows:
    cargo bench --bench desk -- {{rows}}

# what docket costs in its room, beside bots that only echo; installs Synapse and maubot below target/
bench-room *numbers:
    cargo bench --bench room -- {{numbers}}

# small slips in what decides about silence, telling and two people; docs/mutation.md says which change nothing
mutants *options:
    #!/bin/sh
    set -e
    files=""
    for file in gate effects second code silence telling hushed desk_second duty keeping issuer binding sweep adopt undo answering freezing findings countering promised voided extending duplicate own_words brings unlinking within appeal in_vain done_already called whose_words kept_down went_back reason_gone beyond later unheard referring as_it_came worded retyped; do
        files="$files -f src/case/decide/$file.rs"
    done
    for file in gag hold freed wish veil bare_name named_order plea phrase unsigned calling taken_apart kept_down by_name disguised blacked_out recipient machine letter/truth letter/typed plea/sentence plea/grammar plea/grammar/denial; do
        files="$files -f src/case/$file.rs"
    done
    case "{{options}}" in *"-f "*) files="" ;; esac
    cargo mutants -o target --no-default-features -j 1 $files {{options}} -- --lib case:: -- --skip guarded

# licences, sources and doubled crates (cargo install cargo-deny --locked)
deny:
    cargo deny check bans licenses sources

# what must be green before a change goes in
ci: lint core test
