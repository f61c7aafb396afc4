package org.smscallbacks.gateway;

import java.util.Set;
import java.util.TreeSet;
import org.smscallbacks.broker.BrokerFiles;
import org.smscallbacks.config.ConfigurationException;

/** The queues that are written somewhere else than in the router: what is all but the name of one of them is most likely a slip. */
final class KnownQueues {

    private final Set<String> names;

    KnownQueues(Configuration configuration) {
        names = new TreeSet<>(configuration.queues());
        var settings = configuration.settings();
        if (settings.broker().isEmbedded()) {
            names.addAll(queuesOf(new BrokerFiles(settings.folder())));
        }
    }

    /** That the file is broken is said where the broker starts: routes are tried and edited without it. */
    private static Set<String> queuesOf(BrokerFiles files) {
        try {
            return files.queues();
        } catch (ConfigurationException e) {
            return Set.of();
        }
    }

    /** What to say of a queue that the router names, or null where nothing is to be said. */
    String noteOn(String queue) {
        if (names.contains(queue)) {
            return null;
        }
        return names.stream()
                .filter(name -> isOneLetterFrom(name, queue))
                .findFirst()
                .map(name -> "queue " + queue + " is written nowhere else: is " + name + " meant?")
                .orElse(null);
    }

    /** One letter is another, is missing, is too much, or has changed places with the next. */
    private static boolean isOneLetterFrom(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        int begin = 0;
        while (begin < shorter && one.charAt(begin) == other.charAt(begin)) {
            begin++;
        }
        int end = 0;
        while (end < shorter - begin && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        var inOne = one.substring(begin, one.length() - end);
        var inOther = other.substring(begin, other.length() - end);
        boolean isSwapped = inOne.length() == 2
                && new StringBuilder(inOne).reverse().toString().equals(inOther);
        return isSwapped || inOne.length() <= 1 && inOther.length() <= 1;
    }
}
