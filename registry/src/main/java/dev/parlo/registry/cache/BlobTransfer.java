package dev.parlo.registry.cache;

import dev.parlo.registry.RegistryException;
import dev.parlo.registry.hub.CancelSignal;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.Parallel;
import dev.parlo.registry.hub.RemoteBytes;
import dev.parlo.registry.hub.RemoteFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import okio.BufferedSource;

/**
 * Brings one file's bytes to disk, in one stream or in ranges, going on where an earlier attempt
 * stopped. Nothing is verified here. Where the bytes lie until they are all there, {@link
 * PartialFiles} knows.
 */
final class BlobTransfer {
    private static final int BUFFER = 1 << 17;
    private static final long REAL_PROGRESS = 1 << 20;

    private final HubClient hub;
    private final Disk disk;
    private final TransferLimits limits;
    private final Semaphore connections;

    BlobTransfer(HubClient hub, Disk disk, TransferLimits limits) {
        this.hub = hub;
        this.disk = disk;
        this.limits = limits;
        this.connections = new Semaphore(limits.filesAtOnce());
    }

    /** Fetches what is missing; the file returned holds all bytes. */
    Path run(RemoteFile file, Path blob, CancelSignal signal, ProgressMeter meter) {
        boolean large = file.size() > 2 * limits.rangeBytes();
        if (hub.settings().ranges() && large) {
            try {
                return inRanges(file, blob, signal, meter);
            } catch (RangesIgnored ignored) {
                try {
                    PartialFiles.discard(blob);
                } catch (IOException failed) {
                    throw Disk.failure(blob, failed);
                }
            }
        }
        return inOneStream(file, blob, signal, meter);
    }

    /** A server that answers a range with the whole file. */
    private static final class RangesIgnored extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Path inOneStream(RemoteFile file, Path blob, CancelSignal signal, ProgressMeter meter) {
        RemoteBytes remote = hub.bytes(file);
        Path partial = PartialFiles.streamed(blob);
        adoptRanges(file, blob, partial);
        long furthest = 0;
        for (int failures = 0; ; ) {
            signal.check();
            long have = prepared(file, partial);
            meter.standsAt(file.path(), have);
            if (have == file.size()) {
                return partial;
            }
            if (have >= furthest + REAL_PROGRESS) {
                failures = 0; // only bytes never had before count as progress
            }
            furthest = Math.max(furthest, have);
            try {
                connected(
                        signal,
                        () ->
                                remote.read(
                                        have,
                                        file.size(),
                                        signal,
                                        (bytes, start) ->
                                                stream(
                                                        file, partial, bytes, start, signal,
                                                        meter)));
                if (PartialFiles.length(partial) < file.size()) {
                    throw new IOException("the connection ended early");
                }
            } catch (IOException failed) {
                failures++;
                again(failed, failures, signal);
            }
        }
    }

    private void stream(
            RemoteFile file,
            Path partial,
            BufferedSource bytes,
            long start,
            CancelSignal signal,
            ProgressMeter meter)
            throws IOException {
        try (FileChannel channel = open(partial)) {
            if (channel.size() != start) {
                truncate(partial, channel, start);
                meter.standsAt(file.path(), start);
            }
            long position = start;
            byte[] buffer = new byte[BUFFER];
            while (position < file.size()) {
                int read = bytes.read(buffer, 0, (int) Math.min(BUFFER, file.size() - position));
                if (read < 0) {
                    return;
                }
                signal.check();
                write(partial, channel, ByteBuffer.wrap(buffer, 0, read), position);
                position += read;
                meter.received(file.path(), read);
            }
        }
    }

    private Path inRanges(RemoteFile file, Path blob, CancelSignal signal, ProgressMeter meter) {
        Path data = PartialFiles.ranged(blob);
        try {
            long prefix = 0;
            if (!Files.exists(data) && PartialFiles.length(PartialFiles.streamed(blob)) > 0) {
                prefix = Math.min(file.size(), PartialFiles.length(PartialFiles.streamed(blob)));
                Files.move(PartialFiles.streamed(blob), data, StandardCopyOption.ATOMIC_MOVE);
                Files.deleteIfExists(PartialFiles.journal(blob));
            }
            try (FileChannel channel = open(data);
                    RangeJournal journal =
                            RangeJournal.open(
                                    PartialFiles.journal(blob),
                                    file.size(),
                                    limits.rangeBytes(),
                                    channel.size(),
                                    prefix)) {
                meter.standsAt(file.path(), journal.bytesDone());
                RemoteBytes remote = hub.bytes(file);
                List<Function<CancelSignal, Integer>> jobs = new ArrayList<>();
                for (int range = 0; range < journal.ranges(); range++) {
                    int each = range;
                    if (!journal.isDone(each)) {
                        jobs.add(stop -> {
                            oneRange(remote, file, data, channel, journal, each, stop, meter);
                            return each;
                        });
                    }
                }
                Parallel.all(jobs, limits.rangesAtOnce(), signal);
                truncate(data, channel, file.size());
            }
            return data;
        } catch (IOException failed) {
            throw Disk.failure(data, failed);
        }
    }

    private void oneRange(
            RemoteBytes remote,
            RemoteFile file,
            Path data,
            FileChannel channel,
            RangeJournal journal,
            int range,
            CancelSignal signal,
            ProgressMeter meter) {
        for (int failures = 0; !journal.isDone(range); ) {
            signal.check();
            long from = journal.position(range);
            try {
                connected(
                        signal,
                        () ->
                                remote.read(
                                        from,
                                        journal.end(range),
                                        signal,
                                        (bytes, start) -> {
                                            if (start != from) {
                                                throw new RangesIgnored();
                                            }
                                            fill(
                                                    file, data, channel, journal, range, bytes,
                                                    signal, meter);
                                        }));
                if (!journal.isDone(range)) {
                    throw new IOException("the connection ended early");
                }
            } catch (IOException failed) {
                noteQuietly(journal, range);
                failures = journal.position(range) >= from + REAL_PROGRESS ? 1 : failures + 1;
                again(failed, failures, signal);
            } catch (RegistryException stopped) {
                noteQuietly(journal, range);
                throw stopped;
            }
        }
    }

    private void fill(
            RemoteFile file,
            Path data,
            FileChannel channel,
            RangeJournal journal,
            int range,
            BufferedSource bytes,
            CancelSignal signal,
            ProgressMeter meter)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (!journal.isDone(range)) {
            long position = journal.position(range);
            int read = bytes.read(buffer, 0, (int) Math.min(BUFFER, journal.end(range) - position));
            if (read < 0) {
                return;
            }
            signal.check();
            write(data, channel, ByteBuffer.wrap(buffer, 0, read), position);
            advance(data, journal, range, read);
            meter.received(file.path(), read);
        }
    }

    private static void advance(Path data, RangeJournal journal, int range, int count) {
        try {
            journal.advance(range, count);
        } catch (IOException failed) {
            throw Disk.failure(data, failed);
        }
    }

    private static void noteQuietly(RangeJournal journal, int range) {
        try {
            journal.note(range);
        } catch (IOException lost) {
            return; // then these bytes are fetched again
        }
    }

    /** A download begun in ranges and continued in one stream keeps the part without gaps. */
    private void adoptRanges(RemoteFile file, Path blob, Path partial) {
        Path data = PartialFiles.ranged(blob);
        try {
            if (!Files.exists(data)) {
                return;
            }
            if (!Files.exists(partial)) {
                long prefix =
                        RangeJournal.peek(
                                        PartialFiles.journal(blob),
                                        file.size(),
                                        PartialFiles.length(data))
                                .map(RangeJournal::prefix)
                                .orElse(0L);
                try (FileChannel channel = open(data)) {
                    truncate(data, channel, prefix);
                }
                Files.move(data, partial, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.deleteIfExists(data);
            Files.deleteIfExists(PartialFiles.journal(blob));
        } catch (IOException failed) {
            throw Disk.failure(data, failed);
        }
    }

    /** The length of a usable partial file; one that is too long is begun anew. */
    private long prepared(RemoteFile file, Path partial) {
        try (FileChannel channel = open(partial)) {
            if (channel.size() > file.size()) {
                truncate(partial, channel, 0);
            }
            return channel.size();
        } catch (IOException failed) {
            throw Disk.failure(partial, failed);
        }
    }

    private void again(IOException failed, int failures, CancelSignal signal) {
        signal.check();
        if (failures >= hub.retries().attempts()) {
            throw hub.retries().unavailable(failed);
        }
        signal.pause(hub.retries().pause(failed, failures));
    }

    private interface Transfer {
        void run() throws IOException;
    }

    private void connected(CancelSignal signal, Transfer transfer) throws IOException {
        signal.take(connections::tryAcquire);
        try {
            transfer.run();
        } finally {
            connections.release();
        }
    }

    /** Failures of the disk are told apart here; every other IOException is the network's. */
    private void write(Path file, FileChannel channel, ByteBuffer bytes, long position) {
        try {
            disk.write(channel, bytes, position);
        } catch (IOException failed) {
            throw Disk.failure(file, failed);
        }
    }

    private static void truncate(Path file, FileChannel channel, long size) {
        try {
            channel.truncate(size);
        } catch (IOException failed) {
            throw Disk.failure(file, failed);
        }
    }

    private static FileChannel open(Path file) {
        try {
            return FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException failed) {
            throw Disk.failure(file, failed);
        }
    }
}
