package dev.parlo.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.regex.Pattern;

/** Whisper as whisper.cpp keeps it; one repository may hold many checkpoints. */
final class GgmlFiles implements FamilyFiles {
    private static final Pattern NAME = Pattern.compile("[^/]*ggml-[^/]+\\.bin");
    private static final Pattern WHISPER_SIZE =
            Pattern.compile("[^/]*ggml-(?:tiny|base|small|medium|large|distil|turbo)[^/]*\\.bin");
    private static final Pattern VOICE_DETECTOR =
            Pattern.compile("(?:.*[-_.])?(?:silero|vad)(?:[-_.].*)?");

    private static final int MAGIC = 0x67676d6c;

    /** The magic number and eleven sizes, of which the tenth is the number of mel bands. */
    private static final int HEADER = 4 * 12;

    private static final int MEL_BANDS = 10;

    @Override
    public boolean recognises(RepositoryContents contents) {
        return !variants(contents).isEmpty();
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        // the name first: a header may have to be read to tell
        return contents.matching(NAME).stream()
                .filter(file -> variantOf(file).equals(variant))
                .filter(file -> isWhisper(contents, file))
                .toList();
    }

    @Override
    public String namedVariants() {
        return "checkpoints";
    }

    @Override
    public List<String> variants(RepositoryContents contents) {
        return checkpoints(contents).stream().map(GgmlFiles::variantOf).toList();
    }

    /** {@code ggml-base.en.bin} is the variant {@code base.en}. */
    static String variantOf(String checkpoint) {
        int start = checkpoint.indexOf("ggml-") + "ggml-".length();
        return checkpoint.substring(start, checkpoint.length() - ".bin".length());
    }

    private static List<String> checkpoints(RepositoryContents contents) {
        return contents.matching(NAME).stream().filter(file -> isWhisper(contents, file)).toList();
    }

    private static boolean isWhisper(RepositoryContents contents, String file) {
        // whisper.cpp's voice activity models have the same magic number and the same kind of name
        if (VOICE_DETECTOR.matcher(variantOf(file)).matches()) {
            return false;
        }
        if (WHISPER_SIZE.matcher(file).matches()) {
            return true;
        }
        byte[] header = contents.start(file, HEADER);
        if (header.length == HEADER) {
            ByteBuffer sizes = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
            if (sizes.getInt(0) == MAGIC) {
                int bands = sizes.getInt(4 * MEL_BANDS);
                return bands == 80 || bands == 128;
            }
        }
        // no header to go by: a broken file is the engine's to explain
        return contents.mentions("whisper") || contents.tags().isEmpty();
    }
}
