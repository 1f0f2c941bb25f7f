package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table of tensors that PyTorch pickles, and nothing else that a pickle can say. A pickle
 * is a program that may call any function by name; here names are compared with a list of those
 * that build tensors, and what they would do is done by this class, so that no file runs anything.
 * Reference: PyTorch's own list for {@code weights_only}, of which this is a part.
 */
final class PickleReader {
    private static final int LARGEST = 16 << 20;

    /** Each may make a value; the largest Whisper takes some fifty thousand. */
    private static final int MOST_STEPS = 1_000_000;

    /** Storage classes and the safetensors names of their elements. */
    private static final Map<String, String> STORAGES =
            Map.of(
                    "torch.FloatStorage", "F32",
                    "torch.HalfStorage", "F16",
                    "torch.BFloat16Storage", "BF16",
                    "torch.DoubleStorage", "F64",
                    "torch.LongStorage", "I64",
                    "torch.IntStorage", "I32",
                    "torch.ByteStorage", "U8",
                    "torch.BoolStorage", "BOOL");

    private static final String DICTIONARY = "collections.OrderedDict";
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";

    private final String file;
    private final ByteBuffer in;
    private final Map<Integer, Object> memo = new HashMap<>();
    private final ArrayList<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();

    /** A function or class, by name only. */
    private record Name(String of) {}

    private record Tuple(List<Object> items) {}

    /** Where None or a truth value stands: nothing depends on which. */
    private record Ignored() {}

    /**
     * Bytes in an entry of their own.
     *
     * @param type as safetensors names it
     */
    private record Storage(String type, String key) {}

    /**
     * A view of a storage.
     *
     * @param offset elements from the storage's start
     */
    record PickledTensor(String type, String key, long offset, long[] shape, long[] strides) {}

    private PickleReader(String file, ByteBuffer in) {
        this.file = file;
        this.in = in;
    }

    /**
     * The tensors by name.
     *
     * @param file the name, for messages
     * @throws EngineException of category BAD_MODEL for a pickle of anything else
     */
    static Map<String, PickledTensor> read(String file, MemorySegment pickle) {
        if (pickle.byteSize() > LARGEST) {
            throw bad(file, "has a table larger than " + LARGEST + " bytes");
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(pickle.toArray(ValueLayout.JAVA_BYTE))
                        .order(ByteOrder.LITTLE_ENDIAN);
        try {
            return new PickleReader(file, bytes).readAll();
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | ClassCastException damaged) {
            throw bad(file, "holds a damaged table");
        }
    }

    private Map<String, PickledTensor> readAll() {
        int steps = 0;
        for (int code = in.get() & 0xff; code != '.'; code = in.get() & 0xff) {
            step(code);
            if (++steps > MOST_STEPS) {
                throw bad(file, "holds more values than a model has");
            }
        }
        if (!(pop() instanceof Map<?, ?> all)) {
            throw bad(file, "is no table of tensors");
        }
        Map<String, PickledTensor> tensors = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (name instanceof String text && value instanceof PickledTensor tensor) {
                tensors.put(text, tensor);
            }
        });
        return tensors;
    }

    private void step(int code) {
        switch (code) {
            case 0x80 -> in.get(); // the protocol: what it allows shows in the codes
            case 'c' -> push(new Name(line() + "." + line()));
            case 'Q' -> push(storage(pop()));
            case 'R' -> {
                Tuple arguments = (Tuple) pop();
                push(call((Name) pop(), arguments.items()));
            }
            case 'b' -> pop(); // attributes of a dictionary, which hold versions
            case '(' -> marks.push(stack.size());
            case 't' -> push(new Tuple(sinceMark()));
            case ')' -> push(new Tuple(List.of()));
            case 0x85, 0x86, 0x87 -> {
                List<Object> last = stack.subList(stack.size() - (code - 0x84), stack.size());
                Tuple tuple = new Tuple(List.copyOf(last));
                last.clear();
                push(tuple);
            }
            case ']' -> push(new ArrayList<>());
            case '}' -> push(new LinkedHashMap<>());
            case 'a' -> pop(); // no list has a part in a tensor
            case 'e' -> sinceMark();
            case 's' -> {
                Object value = pop();
                put(pop(), value);
            }
            case 'u' -> {
                List<Object> pairs = sinceMark();
                for (int i = 0; i + 1 < pairs.size(); i += 2) {
                    put(pairs.get(i), pairs.get(i + 1));
                }
            }
            case 'J' -> push((long) in.getInt());
            case 'K' -> push((long) (in.get() & 0xff));
            case 'M' -> push((long) (in.getShort() & 0xffff));
            case 0x8a -> push(longOf(in.get() & 0xff));
            case 'G' -> {
                in.getDouble();
                push(new Ignored());
            }
            case 'X' -> push(text(in.getInt()));
            case 'U', 0x8c -> push(text(in.get() & 0xff));
            case 'N', 0x88, 0x89 -> push(new Ignored());
            case 'h' -> push(remembered(in.get() & 0xff));
            case 'j' -> push(remembered(in.getInt()));
            case 'q' -> memo.put(in.get() & 0xff, stack.getLast());
            case 'r' -> memo.put(in.getInt(), stack.getLast());
            default ->
                    throw bad(
                            file,
                            "holds the pickle code "
                                    + code
                                    + ", which no table of tensors needs: it is refused, since a"
                                    + " pickle can run code");
        }
    }

    private void push(Object value) {
        stack.add(value);
    }

    private Object pop() {
        return stack.removeLast();
    }

    private List<Object> sinceMark() {
        Integer mark = marks.poll();
        if (mark == null || mark > stack.size()) {
            throw bad(file, "holds a damaged table");
        }
        List<Object> values = stack.subList(mark, stack.size());
        List<Object> copy = List.copyOf(values);
        values.clear();
        return copy;
    }

    private Object remembered(int key) {
        @Nullable Object value = memo.get(key);
        if (value == null) {
            throw bad(file, "holds a damaged table");
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private void put(Object key, Object value) {
        // Only what names tensors matters; a key that is itself a container would be hashed deeply.
        if (key instanceof String && stack.getLast() instanceof Map<?, ?> map) {
            ((Map<Object, Object>) map).put(key, value);
        }
    }

    private Storage storage(Object id) {
        List<Object> parts = ((Tuple) id).items();
        if (parts.size() != 5
                || !parts.get(0).equals("storage")
                || !(parts.get(1) instanceof Name(String type))
                || !(parts.get(2) instanceof String key)) {
            throw bad(file, "holds a reference that is no tensor's storage");
        }
        String known = STORAGES.get(type);
        if (known == null) {
            throw refused(type);
        }
        return new Storage(known, key);
    }

    private Object call(Name function, List<Object> arguments) {
        return switch (function.of()) {
            case DICTIONARY -> new LinkedHashMap<>();
            case PARAMETER -> arguments.getFirst();
            case TENSOR -> {
                Storage storage = (Storage) arguments.get(0);
                yield new PickledTensor(
                        storage.type(),
                        storage.key(),
                        (Long) arguments.get(1),
                        longs(arguments.get(2)),
                        longs(arguments.get(3)));
            }
            default -> throw refused(function.of());
        };
    }

    private EngineException refused(String name) {
        boolean plain = name.length() <= 100 && name.matches("[\\w.]+");
        return bad(
                file,
                "asks for "
                        + (plain ? "'" + name + "'" : "a function")
                        + ", which no table of tensors needs: it is refused, since a pickle can run"
                        + " code");
    }

    private static long[] longs(Object tuple) {
        return ((Tuple) tuple).items().stream().mapToLong(item -> (Long) item).toArray();
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            if (in.position() - start > 200) {
                throw refused("");
            }
        }
        return new String(in.array(), start, in.position() - start - 1, StandardCharsets.UTF_8);
    }

    private String text(int length) {
        if (length < 0 || length > in.remaining()) {
            throw bad(file, "holds a damaged table");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private long longOf(int length) {
        if (length > Long.BYTES) {
            throw bad(file, "holds a number that is too large");
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            byte next = in.get();
            // the last byte carries the sign
            value |= (i == length - 1 ? (long) next : next & 0xffL) << 8 * i;
        }
        return value;
    }

    private static EngineException bad(String file, String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                file + " " + problem + ". Take or make the model's safetensors form.");
    }
}
