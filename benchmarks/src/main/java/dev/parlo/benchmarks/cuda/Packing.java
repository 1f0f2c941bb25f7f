package dev.parlo.benchmarks.cuda;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.device.FatBinary;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * What the machine with the GPU does not need is left behind before all is packed.
 *
 * <p>Arguments: {@code code LIBRARY COPY ARCHITECTURE}, or {@code recordings FOLDER FILE...}.
 */
public final class Packing {
    private Packing() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("code")) {
            keepOnly(
                    Path.of(arguments[1]), Path.of(arguments[2]), Integer.parseInt(arguments[3]));
            return;
        }
        AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1L << 28, 600));
        for (String name : Arrays.copyOfRange(arguments, 2, arguments.length)) {
            Path file = Path.of(name);
            Path raw =
                    Path.of(arguments[1])
                            .resolve(file.getFileName().toString().replaceFirst("\\.\\w+$", ".pcm"));
            Recordings.write(decoder.open(file), raw);
        }
    }

    /**
     * Copies a library with zeros in place of the code for other GPUs, which then takes next to no
     * room when it is packed. The tables stay: the driver takes one entry of each module.
     */
    static void keepOnly(Path library, Path copy, int architecture) throws IOException {
        FatBinary code = FatBinary.of(library);
        if (!code.architectures().contains(architecture)) {
            throw new IOException(
                    library + " has code for " + code.architectures() + ", not " + architecture);
        }
        Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
        byte[] zeros = new byte[1 << 16];
        try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
            for (FatBinary.Entry entry : code.entries()) {
                if (entry.architecture() == architecture) {
                    continue;
                }
                file.seek(entry.offset());
                for (long left = entry.size(); left > 0; left -= zeros.length) {
                    file.write(zeros, 0, (int) Math.min(left, zeros.length));
                }
            }
        }
    }
}
