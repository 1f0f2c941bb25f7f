package dev.parlo.server.cli;

import dev.parlo.server.http.LaxValues;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the numbers of a command line by the rule that requests have. Java's parsers, which picocli
 * uses, also take hexadecimal and octal numbers, {@code 1f}, and the digits of every script.
 */
final class NumberArguments {
    private NumberArguments() {}

    /** For a command and all below it. */
    static void register(CommandLine line) {
        line.registerConverter(Integer.class, NumberArguments::whole);
        line.registerConverter(int.class, NumberArguments::whole);
        line.registerConverter(Double.class, NumberArguments::decimal);
        line.registerConverter(double.class, NumberArguments::decimal);
    }

    private static Integer whole(String text) {
        Long number = LaxValues.digits(text);
        if (number == null || number.intValue() != number) {
            throw refused(text, "a whole number");
        }
        return number.intValue();
    }

    private static Double decimal(String text) {
        @Nullable Double number = LaxValues.number(text);
        if (number == null) {
            throw refused(text, "a number");
        }
        return number;
    }

    private static TypeConversionException refused(String text, String expected) {
        return new TypeConversionException("'" + text + "' is not " + expected);
    }
}
