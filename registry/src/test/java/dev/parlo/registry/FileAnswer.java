package dev.parlo.registry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.parlo.registry.TestHub.Seen;
import dev.parlo.registry.TestRepository.StoredFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A file's bytes as the test Hub sends them: whole or a range, and as badly as it was told to.
 *
 * @param closed ends what waits
 */
record FileAnswer(HubFaults faults, CountDownLatch closed) {
    /**
     * @param lie bytes that the length is more than it should be
     */
    void answer(HttpExchange exchange, StoredFile file, long lie, Seen request) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Accept-Ranges", "bytes");
        headers.set("Content-Type", "application/octet-stream");
        if (exchange.getRequestMethod().equals("HEAD")) {
            if (faults.take(file.path(), Fault.Kind.NO_LENGTH).isEmpty()) {
                headers.set("Content-Length", String.valueOf(file.size() + lie));
            }
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        long start = 0;
        long end = file.size();
        boolean partial = false;
        if (request.range().startsWith("bytes=")
                && faults.take(file.path(), Fault.Kind.NO_RANGE).isEmpty()) {
            String[] ends = request.range().substring(6).split("-", -1);
            start = Long.parseLong(ends[0]);
            end = ends[1].isEmpty() ? end : Math.min(end, Long.parseLong(ends[1]) + 1);
            if (start >= file.size()) {
                headers.set("Content-Range", "bytes */" + file.size());
                HubAnswers.refuse(exchange, 416, "", "no such range");
                return;
            }
            partial = true;
            headers.set("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + file.size());
        }
        if (faults.take(file.path(), Fault.Kind.GZIP).isPresent()) {
            headers.set("Content-Encoding", "gzip");
            byte[] all = Files.readAllBytes(file.file());
            byte[] sent = HubAnswers.gzip(Arrays.copyOfRange(all, (int) start, (int) end));
            exchange.sendResponseHeaders(partial ? 206 : 200, sent.length);
            exchange.getResponseBody().write(sent);
            return;
        }
        exchange.sendResponseHeaders(partial ? 206 : 200, end == start ? -1 : end - start);
        write(exchange, file, start, end, request);
    }

    private void write(HttpExchange exchange, StoredFile file, long start, long end, Seen request)
            throws IOException {
        CountDownLatch healed = faults.healed();
        long cut =
                faults.take(file.path(), Fault.Kind.CUT).map(Fault::value).orElse(Long.MAX_VALUE);
        long stall =
                faults.take(file.path(), Fault.Kind.STALL).map(Fault::value).orElse(Long.MAX_VALUE);
        long rate = faults.take(file.path(), Fault.Kind.THROTTLE).map(Fault::value).orElse(0L);
        long begun = System.nanoTime();
        boolean spoil = faults.take(file.path(), Fault.Kind.HASH).isPresent();
        long until = Math.min(end - start, Math.min(cut, stall));
        byte[] buffer = new byte[1 << 14];
        try (RandomAccessFile bytes = new RandomAccessFile(file.file().toFile(), "r")) {
            OutputStream body = exchange.getResponseBody();
            bytes.seek(start);
            for (long sent = 0; sent < until; ) {
                int read = bytes.read(buffer, 0, (int) Math.min(buffer.length, until - sent));
                if (spoil && start + sent == 0) {
                    buffer[0] ^= 1;
                }
                request.sent().addAndGet(read); // before the client can have it
                body.write(buffer, 0, read);
                sent += read;
                if (rate > 0) {
                    long due = begun + sent * 1_000_000_000L / rate;
                    body.flush();
                    closed.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
            }
            body.flush();
            if (stall < end - start) {
                healed.await();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
