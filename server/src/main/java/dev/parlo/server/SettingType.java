package dev.parlo.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the value of a {@link Setting} looks like and which values are accepted. Immutable. */
public sealed interface SettingType {
    /** What is accepted, as the end of a sentence. */
    String accepted();

    /** What stands for a value in the command line's help. */
    String label();

    /** A whole number; the ends are accepted. */
    record Whole(long least, long most) implements SettingType {
        @Override
        public String accepted() {
            return unbounded()
                    ? "a whole number from " + least
                    : "a whole number from " + least + " to " + most;
        }

        /** Whether the end is that of what can be computed with, which is nothing to choose by. */
        public boolean unbounded() {
            return most >= Long.MAX_VALUE / 2;
        }

        @Override
        public String label() {
            return "N";
        }
    }

    /** True or false, in their usual words. */
    record Flag() implements SettingType {
        @Override
        public String accepted() {
            return "true or false";
        }

        @Override
        public String label() {
            return "true|false";
        }
    }

    /** One of some words, in any case. */
    record Choice(List<String> words) implements SettingType {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public String accepted() {
            return String.join(", ", words);
        }

        @Override
        public String label() {
            return String.join("|", words);
        }
    }

    /** A JSON list of strings. */
    record Texts() implements SettingType {
        @Override
        public String accepted() {
            return "a JSON list of strings such as [\"a\", \"b\"]";
        }

        @Override
        public String label() {
            return "LIST";
        }
    }

    /** A file or folder; what has to be there is checked where it is used. */
    record Location() implements SettingType {
        @Override
        public String accepted() {
            return "a path";
        }

        @Override
        public String label() {
            return "PATH";
        }
    }

    /**
     * A file that is read, or a path where none is yet; a pipe or device would be read for ever.
     */
    record FileLocation() implements SettingType {
        @Override
        public String accepted() {
            return "a file, or a path where nothing is yet";
        }

        @Override
        public String label() {
            return "FILE";
        }
    }

    /** A folder, or a path where one can be made. */
    record FolderLocation() implements SettingType {
        @Override
        public String accepted() {
            return "a folder, or a path where nothing is yet";
        }

        @Override
        public String label() {
            return "FOLDER";
        }
    }

    /** Any text; what it has to be is checked where it is read. */
    record Text(String label) implements SettingType {
        @Override
        public String accepted() {
            return "a text";
        }
    }

    static Whole whole(long least, long most) {
        return new Whole(least, most);
    }

    static Whole seconds(long least) {
        return new Whole(least, Integer.MAX_VALUE);
    }

    static Choice choice(String... words) {
        return new Choice(List.of(words));
    }

    static Choice choice(Class<? extends Enum<?>> type) {
        return new Choice(
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
