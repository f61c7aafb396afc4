package org.smscallbacks.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.smscallbacks.config.Account;

/** How long ago each account called last; where one has not called yet, since when it could have. */
final class LastCallbacks {

    private final MeterRegistry meters;
    private final LongSupplier nanos;
    private final Map<Name, Last> accounts = new ConcurrentHashMap<>();

    private record Name(String provider, String account) {

        static Name of(Account account) {
            return new Name(account.provider(), account.name());
        }
    }

    private record Last(AtomicLong at, Gauge gauge) {}

    /** @param nanos the time by a clock that nobody sets */
    LastCallbacks(MeterRegistry meters, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
    }

    /** Gauges of these accounts, and of no others: of one that is configured no more nobody expects a call. */
    void keep(List<Account> configured) {
        var names = configured.stream().map(Name::of).collect(Collectors.toSet());
        accounts.forEach((name, last) -> {
            if (!names.contains(name)) {
                meters.remove(last.gauge());
            }
        });
        accounts.keySet().retainAll(names);
        names.forEach(name -> accounts.computeIfAbsent(name, this::measured));
    }

    private Last measured(Name name) {
        var at = new AtomicLong(nanos.getAsLong());
        var gauge = Gauge.builder("sms.last.callback", at, this::secondsSince)
                .description("Time since an account called last, or could have for the first time")
                .baseUnit("seconds")
                .tag("provider", name.provider())
                .tag("account", name.account())
                .register(meters);
        return new Last(at, gauge);
    }

    private double secondsSince(AtomicLong at) {
        return (double) (nanos.getAsLong() - at.get()) / TimeUnit.SECONDS.toNanos(1);
    }

    /** It has just called. */
    void called(Account account) {
        var last = accounts.get(Name.of(account));
        if (last != null) {
            last.at().set(nanos.getAsLong());
        }
    }
}
