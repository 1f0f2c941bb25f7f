package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of one model folder: sizes and newest time, links resolved.
 *
 * @param files bytes by path, with {@code /}
 * @param dangling links that lead nowhere: files that are not downloaded
 * @param outside links that lead out of where the folder's files may lie; they are never followed,
 *     so that nothing outside is served as a model
 * @param newest the newest file's time
 * @param folders the modification time of every folder seen, by which a change is noticed
 */
record FolderScan(
        SortedMap<String, Long> files,
        SortedSet<String> dangling,
        SortedSet<String> outside,
        FileTime newest,
        Map<Path, FileTime> folders) {
    private static final int DEEPEST = 6;
    private static final int MOST_FILES = 20_000;

    /**
     * Where links may lead to.
     *
     * @param roots folders, themselves without links, under which a link's file may lie
     * @param blobs folders without links in which a link may name any entry: what that entry is,
     *     also a link to another disk, is the operator's choice
     */
    record Bounds(Set<Path> roots, Set<Path> blobs) {
        private boolean allow(Path link) throws IOException {
            Path target = link.toRealPath();
            if (roots.stream().anyMatch(target::startsWith)) {
                return true;
            }
            Path named = link.resolveSibling(Files.readSymbolicLink(link));
            return blobs.contains(Objects.requireNonNull(named.getParent()).toRealPath());
        }
    }

    /** Scans a folder. */
    static FolderScan of(Path folder, Bounds bounds) throws IOException {
        SortedMap<String, Long> files = new TreeMap<>();
        SortedSet<String> dangling = new TreeSet<>();
        SortedSet<String> outside = new TreeSet<>();
        Map<Path, FileTime> folders = new HashMap<>();
        FileTime[] newest = {FileTime.fromMillis(0)};
        Files.walkFileTree(
                folder,
                EnumSet.noneOf(FileVisitOption.class),
                DEEPEST,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        boolean hidden =
                                !directory.equals(folder)
                                        && directory.getFileName().toString().startsWith(".");
                        folders.put(directory, attributes.lastModifiedTime());
                        return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        String name = folder.relativize(file).toString().replace('\\', '/');
                        BasicFileAttributes real = attributes;
                        if (attributes.isSymbolicLink()) {
                            if (!Files.exists(file)) {
                                dangling.add(name);
                                return FileVisitResult.CONTINUE;
                            }
                            if (!bounds.allow(file)) {
                                outside.add(name);
                                return FileVisitResult.CONTINUE;
                            }
                            real = Files.readAttributes(file, BasicFileAttributes.class);
                        }
                        if (!real.isRegularFile()) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (files.size() == MOST_FILES) {
                            throw new IOException(folder + " holds too many files");
                        }
                        files.put(name, real.size());
                        if (real.lastModifiedTime().compareTo(newest[0]) > 0) {
                            newest[0] = real.lastModifiedTime();
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new FolderScan(files, dangling, outside, newest[0], folders);
    }
}
