package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Item.Half;

/** Says times of day in English. */
final class EnglishClock {
    private final EnglishNumbers numbers;

    EnglishClock(EnglishNumbers numbers) {
        this.numbers = numbers;
    }

    /**
     * The words for a time.
     *
     * @param brief whether "o'clock" is left out, at the beginning of a range
     */
    String time(Item.Time time, boolean brief) {
        String half =
                switch (time.half()) {
                    case NONE, HOURS -> "";
                    case MORNING -> " AM";
                    case AFTERNOON -> " PM";
                };
        String hour = numbers.cardinal(time.hour());
        if (time.half() == Half.HOURS) {
            String full = time.hour() < 10 ? "oh " + hour : hour;
            return (time.hour() == 0 ? "zero" : full)
                    + (time.minute() == 0 ? " hundred" : minutes(time.minute()))
                    + " hours";
        }
        if (time.second() >= 0) {
            return hour
                    + minutes(time.minute())
                    + " and "
                    + numbers.cardinal(time.second())
                    + (time.second() == 1 ? " second" : " seconds")
                    + half;
        }
        if (time.minute() > 0) {
            return hour + minutes(time.minute()) + half;
        }
        if (time.half() != Half.NONE || time.minute() < 0) {
            return hour + half;
        }
        if (time.hour() == 0 || time.hour() == 24) {
            return "midnight";
        }
        return time.hour() > 12 ? hour + " hundred" : brief ? hour : hour + " o'clock";
    }

    private String minutes(int minute) {
        return minute < 10 ? " oh " + numbers.cardinal(minute) : " " + numbers.cardinal(minute);
    }
}
