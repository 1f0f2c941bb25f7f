/**
 * Takes the native libraries of other platforms out of the jars of a distribution, more than 100 MB:
 * java packaging/Platform.java FOLDER x86_64|arm64. Within the jars each library names platforms by a
 * folder, each in its own way.
 */
void main(String[] arguments) throws IOException {
    Pattern named =
            Pattern.compile("(linux|debian|osx|macos|darwin|win|win32|freebsd|openbsd|dragonflybsd|sunos|aix)-[a-z0-9_-]+");
    Pattern ours =
            Pattern.compile(
                    arguments[1].equals("arm64") ? "(linux|debian)-(arm64|aarch64)" : "(linux|debian)-(x86_64|x86-64|x64|amd64)");
    try (Stream<Path> files = Files.walk(Path.of(arguments[0]))) {
        for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
            removeOthers(jar, named, ours);
        }
    }
}

void removeOthers(Path jar, Pattern named, Pattern ours) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(jar);
            Stream<Path> entries = Files.walk(inside.getPath("/"))) {
        for (Path entry : entries.filter(Files::isRegularFile).toList()) {
            boolean other = false;
            for (Path folder : entry.getParent()) {
                String name = folder.toString();
                other |= named.matcher(name).matches() && !ours.matcher(name).matches();
            }
            if (other) {
                Files.delete(entry);
            }
        }
    }
}
