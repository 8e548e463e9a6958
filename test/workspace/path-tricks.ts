// Ways to write a path that should lead out of a folder, or to another file than it seems to.

/** `OUT` stands for the name of a folder beside the one that must not be left. */
export const PATH_TRICKS: readonly string[] = [
  // Climbing.
  ..."../OUT/secret.txt ../../etc/passwd a/../../OUT/secret.txt ./../OUT/secret.txt .//../OUT/secret.txt".split(
    " ",
  ),
  ..."..\\OUT\\secret.txt a\\..\\..\\OUT\\secret.txt ..\\/OUT/secret.txt workspace/../../OUT/secret.txt".split(
    " ",
  ),
  ..."skills/../../OUT/secret.txt servers/../../OUT/secret.txt .. ../ ./.. a/.. a/../.. ../workspace/../OUT/secret.txt".split(
    " ",
  ),
  ..."..../OUT/secret.txt .../OUT/secret.txt ....//OUT/secret.txt ..;/OUT/secret.txt".split(" "),
  // Escapes that something else might undo.
  ..."%2e%2e/OUT/secret.txt ..%2fOUT/secret.txt ..%5cOUT %252e%252e%252fOUT %c0%ae%c0%ae/OUT ..%00/OUT".split(
    " ",
  ),
  // Absolute, on any system.
  ..."/etc/passwd //etc/passwd ///etc/passwd \\etc\\passwd \\\\server\\share\\x //server/share/x".split(" "),
  ..."C:\\Windows\\win.ini c:/windows/win.ini C:win.ini \\\\?\\C:\\x \\\\.\\C: \\\\.\\pipe\\x file:///etc/passwd".split(
    " ",
  ),
  ..."workspace//etc/passwd ~ ~/secret.txt ~root/secret.txt $HOME/secret.txt %USERPROFILE%\\x".split(" "),
  "/proc/self/cwd/secret.txt",
  "/proc/self/fd/3",
  "/dev/stdin",
  // Devices and other names of files.
  ..."CON nul NUL.txt aux.json COM1 com¹ LPT³.txt prn.a.b CONIN$ conout$ CLOCK$".split(" "),
  "nul .txt",
  "a/com9.tar.gz",
  "x.txt:stream",
  "x.txt::$DATA",
  "folder::$INDEX_ALLOCATION/x",
  "PROGRA~1",
  "SECRET~1.TXT",
  "DRAFTS~1/x",
  ".drafts/x",
  ".DRAFTS/x",
  "workspace/.Drafts/x",
  // Ends that Windows drops.
  ..."x.txt. x.txt... dir./x dir.../x ./x".split(" "),
  "x.txt ",
  "dir /x",
  ".. /OUT/secret.txt",
  " ../OUT/secret.txt",
  "..\u00A0/OUT/secret.txt",
  // Nothing to see, or something else to see.
  "a\0b",
  "../OUT/secret.txt\0.json",
  "a\nb",
  "a\tb",
  "a\u007Fb",
  "a\u0085b",
  ".\u200B./OUT/secret.txt",
  ".\u2060./OUT/secret.txt",
  "\uFEFF../OUT/secret.txt",
  "x\u202Etxt.exe",
  "x\u2066y\u2069",
  "x\u00ADy",
  "x\u2028y",
  "x\uFE0Fy",
  "\uD800/x",
  "\uFF0E\uFF0E/OUT/secret.txt",
  "\uFF0E\uFF0E\uFF0FOUT\uFF0Fsecret.txt",
  "..\uFF0FOUT",
  "..\uFF3COUT",
  "\u2024\u2024/OUT/secret.txt",
  "\u2025/OUT/secret.txt",
  "\u2026/OUT",
  "\u2100/x",
  ".\uFE52/OUT/secret.txt",
  // Case and spelling of the folder itself.
  "WORKSPACE/../OUT/secret.txt",
  "Workspace/../../OUT/secret.txt",
  "workspac\u0065\u0301/../../OUT/secret.txt",
  // Length.
  "x".repeat(256),
  "é".repeat(128),
  "x/".repeat(600),
  "../".repeat(300),
];
