/* Search and playing in an offline edition. Written for old browsers: no modules, no fetch. */
(function () {
  "use strict";
  var data = { words: {}, texts: {}, rules: null, list: null, waiting: {} };
  var root = document.documentElement.getAttribute("data-root") || "";

  window.Edition = {
    rules: function (settings) { data.rules = settings; },
    list: function (rows) { data.list = rows; },
    word: function (analyzer, key, shard) { data.words[analyzer + " " + key] = shard; },
    text: function (number, rows) { data.texts[number] = rows; },
    words: function (text, analyzer) { return wordsOf(text, analyzer); }
  };

  /* one script file, once; then `done(whether it is there)` */
  function load(path, done) {
    if (data.waiting[path] === true) { done(true); return; }
    if (data.waiting[path]) { data.waiting[path].push(done); return; }
    data.waiting[path] = [done];
    var script = document.createElement("script");
    script.src = root + path;
    function settle(isThere) {
      var all = data.waiting[path];
      data.waiting[path] = isThere ? true : null;
      for (var i = 0; i < all.length; i++) { all[i](isThere); }
    }
    script.onload = function () { settle(true); };
    script.onerror = function () { settle(false); };
    document.head.appendChild(script);
  }

  function loadAll(paths, done) {
    var left = paths.length, isWhole = true;
    if (!left) { done(true); return; }
    function one(isThere) {
      isWhole = isWhole && isThere;
      left -= 1;
      if (!left) { done(isWhole); }
    }
    for (var i = 0; i < paths.length; i++) { load(paths[i], one); }
  }

  /* the archive's spelling rules: see editions/search_data.py. Letters, marks and digits are told by
     Unicode where the browser knows it, else by the blocks of the scripts that are read here. */
  var U = (function () { try { new RegExp("\\p{L}", "u"); return "u"; } catch (error) { return ""; } })();
  var MARK = U ? "\\p{M}" : "\\u0300-\\u036f\\u0483-\\u0489\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u07eb-\\u07f3\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff";
  var DIGIT = U ? "\\p{Nd}" : "0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u07c0-\\u07c9";
  var LETTER = U ? "\\p{L}" : "A-Za-z\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02af\\u0370-\\u0481\\u048a-\\u052f\\u0620-\\u064a\\u066e-\\u066f\\u0671-\\u06d5\\u06ee-\\u06ef\\u06fa-\\u06fc\\u07ca-\\u07ea\\u07f4-\\u07f5\\u1e00-\\u1fff\\u2183-\\u2184\\u2d30-\\u2d6f\\ua720-\\ua7ff";
  var NUMBER = U ? "\\p{N}" : DIGIT;
  var LATIN = new RegExp("[" + (U ? "\\p{Script=Latin}" : "A-Za-z\\u00aa\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02b8\\u1e00-\\u1eff\\u2183-\\u2184\\ua722-\\ua7ff") + "]", U);
  var MARKS = new RegExp("[" + MARK + "]+", "g" + U);
  var compiled = {};

  function expression(source, flags) {
    if (!compiled[source]) {
      var text = U ? source : source.replace(/\\p\{N\}/g, DIGIT);
      try { compiled[source] = new RegExp(text, flags + U); } catch (error) { /* an old browser without look-behind: this rule is left out */ compiled[source] = /(?!)/g; }
    }
    compiled[source].lastIndex = 0;
    return compiled[source];
  }

  function mapped(text, table) {
    var out = "";
    for (var i = 0; i < text.length; i++) {
      var letter = text.charAt(i);
      out += Object.prototype.hasOwnProperty.call(table, letter) ? table[letter] : letter;
    }
    return out;
  }

  function composed(text) { return text.normalize ? text.normalize("NFC") : text; }

  function bare(text) { return text.normalize ? text.normalize("NFD").replace(MARKS, "") : text; }

  function foldMarks(text) { return mapped(bare(text.replace(/['-]/g, "")), data.rules.plain); }

  /* the form in which all spellings of a mended word meet */
  function fold(text, rules) {
    if (rules.bare) { return mapped(foldMarks(text), rules.bare) || text; }
    if (!rules.sounds || !LATIN.test(text)) { return foldMarks(text); }
    var folded = mapped(composed(text.replace(/['-]/g, "")), rules.letters);
    folded = mapped(bare(folded), rules.plain);
    for (var pass = 0; pass < 12; pass++) {
      var before = folded;
      for (var i = 0; i < rules.sounds.length; i++) {
        folded = folded.replace(expression(rules.sounds[i][0], "g"), rules.sounds[i][1]);
      }
      if (folded === before) { break; }
    }
    return folded;
  }

  /* the letters of a word, small and mended, each with its place in the word; the place after the last */
  function repaired(word) {
    var all = data.rules, isLatin = LATIN.test(word), letters = [], places = [], match;
    var hidden = "[" + all.ignored + "]", mark = MARK + all.ignored;
    var cluster = expression("[^" + mark + "][" + mark + "]*|[" + mark + "]+", "g");
    while ((match = cluster.exec(word))) {
      var seen = composed(match[0].replace(expression(hidden, "g"), ""));
      if (seen && all.apostrophes.indexOf(seen) >= 0) { seen = "'"; }
      if (seen && all.hyphens.indexOf(seen) >= 0) { seen = "-"; }
      seen = mapped(seen, all.cases).toLowerCase();
      seen = isLatin ? mapped(seen, all.alike) : seen;
      for (var i = 0; i < seen.length; i++) { letters.push(seen.charAt(i)); places.push(match.index); }
    }
    return { text: letters.join(""), places: places.concat(word.length) };
  }

  function slice(word, first, last) {
    return { text: word.text.slice(first, last), places: word.places.slice(first, last + 1) };
  }

  /* what of a word is compared: without elided words before and pronouns behind, then its parts */
  function split(word, rules) {
    var text = word.text, first = 0, last = text.length, match;
    if (rules.alone && expression(rules.alone, "").test(text)) { return []; }
    if (rules.before && (match = expression(rules.before, "").exec(text))) { first = match[0].length; }
    if (rules.behind && !(rules.kept && rules.kept.indexOf(text.slice(first)) >= 0)) {
      match = expression(rules.behind, "").exec(text.slice(first));
      if (match && match.index > 0) { last = first + match.index; }
    }
    word = slice(word, first, last);
    if (rules.repair) { word.text = mapped(word.text, rules.repair); }
    var part = rules.elided ? /[^-']+/g : /[^-]+/g, parts = [];
    if (word.text.indexOf("-") < 0 && !(rules.elided && word.text.indexOf("'") >= 0)) { return [word]; }
    while ((match = part.exec(word.text))) { parts.push(slice(word, match.index, match.index + match[0].length)); }
    return parts.length > 1 ? [word].concat(parts) : parts;
  }

  function pattern() {
    var all = data.rules, inner = "[" + LETTER + MARK + NUMBER + all.ignored + "]", joint = "[" + all.hyphens + all.apostrophes + "]";
    var mark = "[" + MARK + "]*", letter = "[" + LETTER + "]", digits = "[" + DIGIT + "]";
    return expression(
      digits + "{1,3}(?:[ .\u00a0\u202f]" + digits + "{3})+(?![" + LETTER + NUMBER + "])" +
      "|(?:" + letter + mark + "\\.){2,}(?:" + letter + mark + "(?!" + inner + "))?" +
      "|[" + LETTER + NUMBER + "]" + inner + "*(?:" + joint + inner + "+)*[" + all.apostrophes + "]?", "g");
  }

  /* the words of a text with their places; parts of hyphenated and elided words by themselves */
  function wordsOf(text, analyzer) {
    var rules = data.rules.rules[analyzer], found = [], match, word = pattern();
    while ((match = word.exec(text))) {
      var closed = match[0].replace(/[ .\u00a0\u202f]/g, ""), pieces;
      if (closed !== match[0]) {
        pieces = [{ text: repaired(closed).text, places: [0, match[0].length] }];
      } else {
        pieces = split(repaired(match[0]), rules);
      }
      for (var i = 0; i < pieces.length; i++) {
        var clipped = /^('*)(.*?)'*$/.exec(pieces[i].text);
        var places = pieces[i].places, before = clipped[1].length;
        var folded = clipped[2] && fold(composed(clipped[2]), rules);
        if (!folded) { continue; }
        var end = closed !== match[0] ? places[1] : places[before + clipped[2].length];
        found.push({ folded: folded, start: match.index + places[before], end: match.index + end, isPart: i > 0 });
      }
    }
    return found;
  }

  /* letters, those of two code units whole */
  function lettersOf(text) { return text.match(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g) || []; }

  function keyOf(word) { return lettersOf(word).slice(0, data.rules.keyLetters).join(""); }

  function pathOf(analyzer, key) {
    var name = [];
    var letters = lettersOf(key);
    for (var i = 0; i < letters.length; i++) {
      var high = letters[i].charCodeAt(0), low = letters[i].charCodeAt(1);
      name.push((low ? (high - 0xd800) * 0x400 + low - 0xdc00 + 0x10000 : high).toString(16));
    }
    return "search/" + analyzer + "-" + name.join("-") + ".js";
  }

  function shardsOf(analyzer, words) {
    var known = data.rules.shards[analyzer], paths = [], seen = {};
    for (var i = 0; i < words.length; i++) {
      var key = keyOf(words[i]);
      if (!seen[key] && known.indexOf(key) >= 0) { paths.push(pathOf(analyzer, key)); }
      seen[key] = true;
    }
    return paths;
  }

  function shard(analyzer, word) { return data.words[analyzer + " " + keyOf(word)] || [{}, {}]; }

  function own(table, key) { return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : null; }

  function withoutArticle(analyzer, word) {
    var article = data.rules.rules[analyzer].article;
    return article ? word.replace(expression(article, ""), "") : word;
  }

  /* stems of a word; where nobody said it, those that begin alike */
  function stemsOf(analyzer, word) {
    var stems = own(shard(analyzer, word)[0], word);
    if (stems) { return { stems: stems, isClose: false }; }
    var bareWord = withoutArticle(analyzer, word);
    if (own(shard(analyzer, bareWord)[1], bareWord)) { return { stems: [bareWord], isClose: false }; }
    var close = [], longest = 0, all = shard(analyzer, word)[1];
    for (var stem in all) {
      var root = stem.length > 4 ? stem.slice(0, -1) : stem;
      if (root.length < 4 || root.length < longest || word.indexOf(root) !== 0 || word.length - stem.length > 6) { continue; }
      if (root.length > longest) { longest = root.length; close = []; }
      close.push(stem);
    }
    return { stems: close, isClose: true };
  }

  function findIn(analyzer, text, done) {
    var typed = wordsOf(text, analyzer), words = [], i;
    for (i = 0; i < typed.length; i++) { if (!typed[i].isPart) { words.push(typed[i].folded); } }
    var looked = words.slice();
    for (i = 0; i < words.length; i++) { looked.push(withoutArticle(analyzer, words[i])); }
    loadAll(shardsOf(analyzer, looked), function (isWhole) {
      var groups = [], stems = [];
      for (i = 0; i < words.length; i++) {
        var group = stemsOf(analyzer, words[i]);
        group.word = words[i];
        groups.push(group);
        stems = stems.concat(group.stems);
      }
      loadAll(shardsOf(analyzer, stems), function (isAll) {
        done(intersect(analyzer, groups), isWhole && isAll);
      });
    });
  }

  function intersect(analyzer, groups) {
    var hits = null, used = [], stems = {}, isClose = false, i, j, k;
    for (i = 0; i < groups.length; i++) {
      var moments = {}, said = false;
      for (j = 0; j < groups[i].stems.length; j++) {
        var stem = groups[i].stems[j], places = own(shard(analyzer, stem)[1], stem);
        stems[stem] = true;
        if (!places) { continue; }
        said = true;
        for (k = 0; k < places.length; k += 2) {
          if (!(places[k] in moments) || places[k + 1] < moments[places[k]]) { moments[places[k]] = places[k + 1]; }
        }
      }
      /* little words are in no places; a word that nobody said empties all */
      if (!said && groups[i].stems.length) { continue; }
      isClose = isClose || groups[i].isClose;
      used.push(groups[i].word);
      if (hits === null) { hits = moments; continue; }
      var both = {};
      for (var place in hits) {
        if (place in moments) { both[place] = Math.min(hits[place], moments[place]); }
      }
      hits = both;
    }
    var found = [];
    for (var number in hits || {}) {
      found.push({ place: +number, moment: hits[number] * 100, analyzer: analyzer, stems: stems });
    }
    return { found: found, isClose: isClose, words: used };
  }

  /* the page */
  function byId(id) { return document.getElementById(id); }

  function element(name, text, attributes) {
    var made = document.createElement(name);
    if (text) { made.appendChild(document.createTextNode(text)); }
    for (var key in attributes || {}) { made.setAttribute(key, attributes[key]); }
    return made;
  }

  function clock(ms) {
    var seconds = Math.floor(ms / 1000), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
    function two(n) { return (n < 10 ? "0" : "") + n; }
    return hours ? hours + ":" + two(minutes % 60) + ":" + two(seconds % 60) : minutes + ":" + two(seconds % 60);
  }

  function playAt(player, source, seconds) {
    function go() {
      player.currentTime = seconds;
      var playing = player.play();
      if (playing && playing["catch"]) { playing["catch"](function () {}); }
    }
    if (source && player.getAttribute("src") !== source) { player.setAttribute("src", source); player.load(); }
    if (player.readyState > 0) { go(); return; }
    player.addEventListener("loadedmetadata", function once() {
      player.removeEventListener("loadedmetadata", once);
      go();
    });
    player.load();
  }

  function marked(text, hit) {
    var words = wordsOf(text, hit.analyzer), box = element("p", "", { dir: "auto" }), last = 0;
    for (var i = 0; i < words.length; i++) {
      var stems = own(shard(hit.analyzer, words[i].folded)[0], words[i].folded) || [];
      var isHit = hit.stems[withoutArticle(hit.analyzer, words[i].folded)] === true;
      for (var j = 0; j < stems.length; j++) { isHit = isHit || hit.stems[stems[j]] === true; }
      if (!isHit || words[i].start < last) { continue; }
      box.appendChild(document.createTextNode(text.slice(last, words[i].start)));
      box.appendChild(element("mark", text.slice(words[i].start, words[i].end)));
      last = words[i].end;
    }
    box.appendChild(document.createTextNode(text.slice(last)));
    return box;
  }

  function show(hits, from, says) {
    var out = byId("results"), player = byId("player"), shown = hits.slice(from, from + 20), paths = [];
    for (var i = 0; i < shown.length; i++) {
      paths.push("search/text-" + Math.floor(shown[i].place / data.rules.textsInAFile) + ".js");
    }
    loadAll(paths, function (isWhole) {
      if (!isWhole) { byId("said").textContent = says.failed; }
      for (var i = 0; i < shown.length; i++) {
        var hit = shown[i], size = data.rules.textsInAFile;
        var rows = data.texts[Math.floor(hit.place / size)];
        if (rows) { out.appendChild(row(hit, rows[hit.place % size], player, says)); }
      }
      out.setAttribute("aria-busy", "false");
      var more = byId("more");
      more.hidden = from + 20 >= hits.length;
      more.onclick = function () { show(hits, from + 20, says); };
    });
  }

  function row(hit, passage, player, says) {
    var about = data.list[passage[0]], seconds = hit.moment / 1000;
    var box = element("li"), meta = element("p", "", { "class": "meta" });
    var page = "broadcasts/" + about[0] + ".html#t=" + seconds;
    meta.appendChild(element("a", about[1], { href: page, dir: "auto" }));
    meta.appendChild(document.createTextNode(" " + about[2]));
    box.appendChild(meta);
    box.appendChild(marked(passage[1], hit));
    if (about[4]) {
      var button = element("button", says.play + " " + clock(hit.moment), { type: "button" });
      button.onclick = function () { player.parentNode.hidden = false; playAt(player, about[4], seconds); };
      box.appendChild(button);
    }
    return box;
  }

  function search(form) {
    var says = { failed: form.getAttribute("data-failed"), play: form.getAttribute("data-play") };
    var text = byId("q").value, chosen = byId("language").value, analyzers = [], i;
    var said = byId("said"), out = byId("results");
    for (var tag in data.rules.languages) {
      var name = data.rules.languages[tag];
      if ((!chosen || chosen === tag) && analyzers.indexOf(name) < 0) { analyzers.push(name); }
    }
    said.textContent = form.getAttribute("data-searching");
    out.setAttribute("aria-busy", "true");
    while (out.firstChild) { out.removeChild(out.firstChild); }
    var left = analyzers.length, hits = [], isClose = true, isWhole = true, words = [];
    function one(result, isThere) {
      isWhole = isWhole && isThere;
      if (result.found.length) {
        isClose = isClose && result.isClose;
        words = words.concat(result.words);
        hits.push(result);
      }
      left -= 1;
      if (left) { return; }
      var all = [];
      for (var i = 0; i < hits.length; i++) {
        if (hits[i].isClose === isClose) { all = all.concat(hits[i].found); }
      }
      all.sort(function (a, b) { return a.place - b.place; });
      var count = all.length + " " + form.getAttribute(all.length === 1 ? "data-found-one" : "data-found");
      said.textContent = !isWhole ? says.failed : all.length ? (isClose ? form.getAttribute("data-close") + " " : "") + count : form.getAttribute("data-none");
      show(all, 0, says);
    }
    for (i = 0; i < analyzers.length; i++) { findIn(analyzers[i], text, one); }
  }

  function begin() {
    var form = byId("search"), player = byId("player");
    if (form) {
      form.hidden = false;
      loadAll(["search/rules.js", "search/list.js"], function (isWhole) {
        if (!isWhole) { byId("said").textContent = form.getAttribute("data-failed"); return; }
        form.onsubmit = function () {
          search(form);
          try { history.replaceState(null, "", "?q=" + encodeURIComponent(byId("q").value)); } catch (error) { /* file: in some browsers */ }
          return false;
        };
        var asked = /[?&]q=([^&]*)/.exec(location.search);
        if (asked) {
          byId("q").value = decodeURIComponent(asked[1].replace(/\+/g, " "));
          search(form);
        }
        form.setAttribute("data-ready", "yes");
      });
      return;
    }
    if (player) { follow(player); }
  }

  /* a broadcast: its sentences open the sound, and the sentence being said is marked */
  function follow(player) {
    var lines = document.querySelectorAll(".said[data-start]"), now = null;
    function at(seconds) {
      var found = null;
      for (var i = 0; i < lines.length && +lines[i].getAttribute("data-start") <= seconds * 1000 + 50; i++) { found = lines[i]; }
      return found;
    }
    function mark(line) {
      if (line === now) { return; }
      if (now) { now.className = "said"; }
      if (line) { line.className = "said now"; }
      now = line;
    }
    for (var i = 0; i < lines.length; i++) {
      var link = lines[i].querySelector("a.time");
      if (!link) { continue; }
      link.onclick = (function (line) {
        return function () { playAt(player, null, line.getAttribute("data-start") / 1000); return false; };
      })(lines[i]);
    }
    player.addEventListener("timeupdate", function () { mark(at(player.currentTime)); });
    var asked = /^#t=([0-9.]+)/.exec(location.hash);
    if (asked) {
      var line = at(+asked[1]);
      mark(line);
      if (line) { line.scrollIntoView(); }
      function seek() { player.currentTime = +asked[1]; }
      if (player.readyState > 0) { seek(); } else { player.addEventListener("loadedmetadata", seek); }
    }
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", begin); } else { begin(); }
})();
