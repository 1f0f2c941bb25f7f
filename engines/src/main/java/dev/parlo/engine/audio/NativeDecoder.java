package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.Demuxer.Found;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * FFmpeg's state for one pass over one file: packets in, mono 16 kHz samples out. All of it is
 * made, used and freed under one lock, so that closing from another thread waits for the packet in
 * work and no longer.
 */
final class NativeDecoder implements AutoCloseable {
    private static final int BLOCK_SAMPLES = 1 << 15;

    /** A damaged index can name packets without end that hold no audio. */
    private static final int MOST_FRUITLESS_PACKETS = 100_000;

    /** Seconds at the end that cannot be decoded and that are told to the client. */
    private static final double NOTICED_LOSS = 0.5;

    private final Demuxer demuxer;
    private final AudioGaps gaps;
    private final AtomicInteger openReaders;
    private final ReentrantLock lock = new ReentrantLock();
    private final FrameCheck check = new FrameCheck();
    private final FramePlaces places;
    private volatile boolean stopped;

    /** Whether the packet in work may never be done. */
    private volatile boolean abandoned;

    private boolean opened;
    private boolean closed;
    private boolean linkEnded;
    private boolean another;
    private boolean ended;
    private @Nullable PacketDecoder decoder;
    private @Nullable AVPacket packet;
    private @Nullable AVFrame frame;
    private int fruitlessPackets;

    private boolean pausing;

    /** The frame that waits until the pause before it is out. */
    private boolean frameWaits;

    private long decodedSamples;
    private @Nullable String truncation;
    private final SampleBlock block;
    private final FrameWriter writer;

    NativeDecoder(
            Demuxer demuxer,
            AudioLimits limits,
            AudioGaps gaps,
            ChannelMix mix,
            AtomicInteger openReaders) {
        this.demuxer = demuxer;
        this.gaps = gaps;
        this.places = new FramePlaces(demuxer, gaps);
        this.openReaders = openReaders;
        this.block = new SampleBlock(BLOCK_SAMPLES * 2, limits);
        this.writer = new FrameWriter(block, mix);
    }

    /** The samples that {@link #decodeBlock} left, valid until it is called again. */
    short[] block() {
        return block.samples();
    }

    /** After the end: why the file holds more than could be read; null where it does not. */
    @Nullable String truncation() {
        return truncation;
    }

    /** Of the samples up to now. */
    TimeMap times() {
        return block.times();
    }

    /** Makes a running {@link #decodeBlock} fail at its next packet. */
    void stop() {
        stopped = true;
    }

    /**
     * Decodes some two seconds, opening the file the first time.
     *
     * @return how many samples {@link #block()} holds, 0 at the end
     */
    int decodeBlock() {
        lock.lock();
        try {
            return decoded();
        } finally {
            lock.unlock();
            if (abandoned) {
                closeUnlessBusy();
            }
        }
    }

    private int decoded() {
        checkNotStopped();
        block.clear();
        if (!opened) {
            open();
        }
        while (!ended && block.length() < BLOCK_SAMPLES) {
            checkNotStopped();
            step();
        }
        if (ended && (decodedSamples == 0 || block.total() == 0)) {
            throw AudioFailure.empty("No audio could be decoded from it.");
        }
        return block.length();
    }

    private void checkNotStopped() {
        if (stopped || closed) {
            throw AudioFailure.closed();
        }
    }

    private void open() {
        opened = true;
        openReaders.incrementAndGet();
        demuxer.open();
        decoder = new PacketDecoder(demuxer.stream());
        packet = av_packet_alloc();
        frame = av_frame_alloc();
    }

    /** One packet in, one frame or a pause out. */
    private void step() {
        if (block.hasSilence()) {
            block.writeSilence();
            return;
        }
        AVFrame decoded = present(frame);
        if (frameWaits) {
            frameWaits = false;
            write(decoded);
            return;
        }
        PacketDecoder current = present(decoder);
        int result = current.receive(decoded);
        if (result >= 0) {
            take(decoded);
        } else if (result == AVERROR_EOF) {
            endLink();
        } else if (linkEnded) {
            // Draining fails now and then on damaged files; what was decoded stands.
            if (++fruitlessPackets > MOST_FRUITLESS_PACKETS || result == AVERROR_EAGAIN()) {
                endLink();
            }
        } else {
            if (result != AVERROR_EAGAIN()) {
                places.refuse();
            }
            sendPacket(current);
        }
    }

    private void sendPacket(PacketDecoder current) {
        AVPacket read = present(packet);
        Found found = demuxer.read(read);
        if (found == Found.END || found == Found.LINK) {
            another = found == Found.LINK;
            linkEnded = true;
            current.send(null);
            return;
        }
        try {
            if (++fruitlessPackets > MOST_FRUITLESS_PACKETS) {
                throw AudioFailure.broken(
                        "It has "
                                + MOST_FRUITLESS_PACKETS
                                + " packets in a row without audio; the file is damaged.");
            }
            if (found == Found.PACKET) {
                // Packets before the start of an edit list, or cut off at the end of the file, have
                // no place to keep.
                boolean counts = (read.flags() & (AV_PKT_FLAG_DISCARD | AV_PKT_FLAG_CORRUPT)) == 0;
                places.packet(counts ? seconds(current, read) : 0);
                pausing = gaps == AudioGaps.KEEP && current.isPause(read);
                if (current.send(read) < 0) {
                    places.refuse();
                }
            }
        } finally {
            av_packet_unref(read);
        }
    }

    private double seconds(PacketDecoder current, AVPacket read) {
        return read.duration() > 0 ? demuxer.seconds(read.duration()) : current.frameSeconds();
    }

    private void take(AVFrame decoded) {
        boolean waits = false;
        try {
            check.check(decoded);
            if (decoded.nb_samples() > 0) {
                fruitlessPackets = 0;
                decodedSamples += decoded.nb_samples();
                writer.place(places.missing(decoded, writer.position()));
                waits = true;
            }
        } finally {
            frameWaits = waits;
            if (!waits) {
                av_frame_unref(decoded);
            }
        }
    }

    private void write(AVFrame decoded) {
        try {
            writer.write(decoded, pausing);
        } finally {
            av_frame_unref(decoded);
        }
    }

    /** After the last frame of the file, or of a link of a chained one. */
    private void endLink() {
        writer.finish();
        if (another && openNextLink()) {
            linkEnded = false;
            another = false;
            return;
        }
        another = false;
        String broken = demuxer.truncation();
        if (truncation == null && broken != null) {
            truncation =
                    String.format(
                            Locale.ROOT,
                            "Only %.2f s of it could be read: %s.",
                            (double) block.total() / AudioSource.SAMPLE_RATE,
                            broken);
        } else if (truncation == null && places.refused() >= NOTICED_LOSS) {
            truncation =
                    String.format(
                            Locale.ROOT,
                            "The last %.2f s of it could not be decoded.",
                            places.refused());
        }
        // In a stream without a container, what follows the last frame may be no audio at all.
        if (gaps == AudioGaps.KEEP
                && places.refused() > 0
                && !demuxer.elementary()
                && decodedSamples > 0) {
            block.gap(places.takeRefused());
            return; // and come back when it is out
        }
        ended = true;
    }

    private boolean openNextLink() {
        while (demuxer.openNextLink()) {
            try {
                PacketDecoder next = new PacketDecoder(demuxer.stream());
                present(decoder).close();
                decoder = next;
                places.restart();
                return true;
            } catch (EngineException unsupported) {
                demuxer.skipLink();
            }
        }
        return false;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("used before it was opened");
        }
        return value;
    }

    /**
     * The packet in work may never be done: from now on nobody waits for it, and the native memory
     * is freed by the thread that works on it, should that return.
     */
    void abandon() {
        stopped = true;
        abandoned = true;
        closeUnlessBusy();
    }

    /** Frees all native memory, after the packet in work. */
    @Override
    public void close() {
        stopped = true;
        if (abandoned) {
            closeUnlessBusy();
            return;
        }
        lock.lock();
        try {
            release();
        } finally {
            lock.unlock();
        }
    }

    private void closeUnlessBusy() {
        if (lock.tryLock()) {
            try {
                release();
            } finally {
                lock.unlock();
            }
        }
    }

    private void release() {
        if (closed) {
            return;
        }
        closed = true;
        free();
        if (opened) {
            openReaders.decrementAndGet();
        }
    }

    private void free() {
        writer.close();
        if (frame != null) {
            av_frame_free(frame);
        }
        if (packet != null) {
            av_packet_free(packet);
        }
        if (decoder != null) {
            decoder.close();
        }
        demuxer.close();
    }
}
