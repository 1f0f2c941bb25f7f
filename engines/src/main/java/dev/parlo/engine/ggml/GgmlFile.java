package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A GGML Whisper file that was read from its first byte to its last and found to be whole.
 *
 * <p>whisper.cpp trusts its files: it ends the process on an unknown type, writes past its tables
 * on an unexpected vocabulary and sorts NaNs. So nothing reaches it before everything that it would
 * rely on was checked here: magic, sizes, type, mel filters, vocabulary, and each tensor's name,
 * shape, type, place and finiteness.
 *
 * <p>Layout (little-endian, unpadded): {@code u32} magic; eleven {@code i32} sizes; {@code i32} mel
 * bands, {@code i32} bins and their {@code f32} filters; {@code i32} tokens, each {@code u32}
 * length and bytes; then tensors up to the end of the file, each {@code i32} rank, {@code i32} name
 * length, {@code i32} type, {@code i32[rank]} dims, name, data.
 *
 * @param tensorBytes bytes of all tensors
 */
record GgmlFile(Path path, GgmlLayout layout, long tensorBytes) {
    /** First four bytes of every file, as a little-endian number. */
    public static final int MAGIC = 0x67676d6c;

    /** Frequency bins of a 400-point Fourier transform. */
    public static final int BINS = 201;

    private static final int MAX_TOKEN_BYTES = 1024;
    private static final int MAX_WIDTH = 4096;
    private static final int MAX_LAYERS = 64;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Reads and checks a file.
     *
     * @throws EngineException of category BAD_MODEL, saying what is wrong with it
     */
    public static GgmlFile read(Path path) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new Reader(path, bytes).read();
        } catch (IOException e) {
            throw new EngineException(
                    Category.BAD_MODEL,
                    "The GGML model " + path.getFileName() + " cannot be read.",
                    e);
        }
    }

    /** One pass over the bytes. */
    private static final class Reader {
        private final Path path;
        private final MemorySegment bytes;
        private long at;

        Reader(Path path, MemorySegment bytes) {
            this.path = path;
            this.bytes = bytes;
        }

        GgmlFile read() {
            if (int32("magic") != MAGIC) {
                throw bad("does not start with the bytes \"lmgg\", as every ggml-*.bin file does");
            }
            GgmlLayout layout = layout();
            filters(layout);
            vocabulary(layout);
            return new GgmlFile(path, layout, tensors(layout));
        }

        private GgmlLayout layout() {
            int vocabulary = oneOf("n_vocab", 51864, 51865, 51866);
            int audioContext = oneOf("n_audio_ctx", 1500);
            int width = between("n_audio_state", 32, MAX_WIDTH);
            int audioHeads = heads("n_audio_head", width);
            int audioLayers = between("n_audio_layer", 1, MAX_LAYERS);
            int textContext = oneOf("n_text_ctx", 448);
            int textWidth = int32("n_text_state");
            if (textWidth != width) {
                throw bad("says n_text_state " + textWidth + " but n_audio_state " + width);
            }
            int textHeads = heads("n_text_head", width);
            int textLayers = between("n_text_layer", 1, MAX_LAYERS);
            int mels = oneOf("n_mels", 80, 128);
            int fileType = int32("ftype");
            // The thousands count versions of the quantised formats; version 2 is the last.
            GgmlType type =
                    fileType < 0 || fileType >= 3000 ? null : GgmlType.ofFileType(fileType % 1000);
            if (type == null) {
                throw unsupported(
                        "has file type " + fileType + ", which is not one of whisper.cpp's");
            }
            if (type == GgmlType.F32) {
                // Its convolution asserts 16-bit kernels and ends the process.
                throw unsupported(
                        "is of type f32 (0), which whisper.cpp 1.7.1 cannot compute; take the f16"
                                + " file of the same model, or convert it without use-f32");
            }
            if (width % type.blockSize() != 0) {
                throw unsupported(
                        "has width "
                                + width
                                + ", which is not a multiple of the "
                                + type.blockSize()
                                + " numbers of a "
                                + type.name().toLowerCase(Locale.ROOT)
                                + " block");
            }
            return new GgmlLayout(
                    vocabulary,
                    audioContext,
                    width,
                    audioHeads,
                    audioLayers,
                    textContext,
                    textHeads,
                    textLayers,
                    mels,
                    type);
        }

        private void filters(GgmlLayout layout) {
            int mels = int32("number of mel bands");
            int bins = int32("number of frequency bins");
            if (mels != layout.mels() || bins != BINS) {
                throw bad(
                        "has mel filters of "
                                + mels
                                + " x "
                                + bins
                                + ", expected "
                                + layout.mels()
                                + " x "
                                + BINS);
            }
            finite32("mel filters", take("mel filters", 4L * mels * bins));
        }

        private void vocabulary(GgmlLayout layout) {
            int count = between("number of tokens", 1, layout.vocabulary());
            boolean space = false;
            for (int id = 0; id < count; id++) {
                int length = int32("length of a token");
                if (length < 0 || length > MAX_TOKEN_BYTES) {
                    throw bad("has a token " + id + " of " + length + " bytes");
                }
                MemorySegment token = take("token", length);
                space |= length == 1 && token.get(ValueLayout.JAVA_BYTE, 0) == ' ';
            }
            if (!space) {
                throw bad("has no token for a single space");
            }
        }

        private long tensors(GgmlLayout layout) {
            Map<String, GgmlLayout.Tensor> missing = layout.tensors();
            long total = 0;
            while (at < bytes.byteSize()) {
                int rank = between("rank of a tensor", 1, 3);
                int nameLength = between("length of a tensor's name", 1, 256);
                int type = int32("type of a tensor");
                int[] dims = new int[rank];
                for (int i = 0; i < rank; i++) {
                    dims[i] = int32("dimension");
                }
                String name =
                        new String(
                                take("tensor name", nameLength).toArray(ValueLayout.JAVA_BYTE),
                                StandardCharsets.UTF_8);
                GgmlLayout.Tensor expected = missing.remove(name);
                if (expected == null) {
                    throw bad("has an unknown or a second tensor '" + printable(name) + "'");
                }
                checkShape(expected, dims, type);
                MemorySegment data = take("tensor " + name, expected.bytes());
                finite(expected, data);
                total += expected.bytes();
            }
            if (!missing.isEmpty()) {
                throw bad(
                        "lacks "
                                + missing.size()
                                + " tensors, the first is "
                                + missing.keySet().iterator().next());
            }
            return total;
        }

        private void checkShape(GgmlLayout.Tensor expected, int[] dims, int type) {
            boolean same = type == expected.type().id();
            for (int i = 0; i < 3; i++) {
                int given = i < dims.length ? dims[i] : 1;
                int wanted = i < expected.dims().size() ? expected.dims().get(i) : 1;
                same &= given == wanted;
            }
            if (!same) {
                throw bad(
                        "has tensor "
                                + expected.name()
                                + " with shape "
                                + Arrays.toString(dims)
                                + " and type "
                                + type
                                + ", expected "
                                + expected.dims()
                                + " and "
                                + expected.type().id());
            }
        }

        private void finite(GgmlLayout.Tensor tensor, MemorySegment data) {
            if (tensor.type() == GgmlType.F32) {
                finite32("tensor " + tensor.name(), data);
            } else {
                finite16(tensor, data);
            }
        }

        private void finite16(GgmlLayout.Tensor tensor, MemorySegment data) {
            GgmlType type = tensor.type();
            for (long block = 0; block < data.byteSize(); block += type.blockBytes()) {
                for (int i = 0; i < type.scales(); i++) {
                    long at = block + type.scalesAt() + 2L * i;
                    if ((data.get(SHORT, at) & 0x7c00) == 0x7c00) {
                        throw bad("has a number that is not finite in tensor " + tensor.name());
                    }
                }
            }
        }

        private void finite32(String what, MemorySegment data) {
            for (long i = 0; i < data.byteSize(); i += 4) {
                if ((data.get(INT, i) & 0x7f800000) == 0x7f800000) {
                    throw bad("has a number that is not finite in " + what);
                }
            }
        }

        private int heads(String what, int width) {
            int heads = between(what, 1, width);
            if (width % heads != 0) {
                throw bad("says " + what + " " + heads + ", which does not divide width " + width);
            }
            return heads;
        }

        private int oneOf(String what, int... accepted) {
            int value = int32(what);
            for (int each : accepted) {
                if (value == each) {
                    return value;
                }
            }
            throw bad("says " + what + " " + value + ", supported is " + Arrays.toString(accepted));
        }

        private int between(String what, int low, int high) {
            int value = int32(what);
            if (value < low || value > high) {
                throw bad("says " + what + " " + value + ", expected " + low + " to " + high);
            }
            return value;
        }

        private int int32(String what) {
            return take(what, 4).get(INT, 0);
        }

        private MemorySegment take(String what, long length) {
            if (length > bytes.byteSize() - at) {
                throw bad("ends within its " + what + " (it has " + bytes.byteSize() + " bytes)");
            }
            MemorySegment part = bytes.asSlice(at, length);
            at += length;
            return part;
        }

        private EngineException bad(String fault) {
            return new EngineException(
                    Category.BAD_MODEL,
                    "The GGML model "
                            + path.getFileName()
                            + " "
                            + fault
                            + ". Replace it, or remove the model and download it anew.");
        }

        private EngineException unsupported(String what) {
            return new EngineException(
                    Category.BAD_MODEL,
                    "The GGML model "
                            + path.getFileName()
                            + " "
                            + what
                            + ". Supported are f16 (1), q4_0 (2), q4_1 (3), q8_0 (7), q5_0"
                            + " (8), q5_1 (9) and q2_k to q6_k (10 to 14).");
        }

        private static String printable(String name) {
            return name.replaceAll("[^\\x20-\\x7e]", "?");
        }
    }
}
