// A preloaded library that stops the wall clock, so that what is recorded "now" is the same in every
// run of Tools/checks/seals. Loaded by that alone.
//
//   RECOUNT_STILL_CLOCK   seconds since 1970-01-01 UTC; the clock goes on without it
#define _GNU_SOURCE
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int still(long *seconds)
{
    const char *text = getenv("RECOUNT_STILL_CLOCK");
    if (text == NULL) return 0;
    *seconds = strtol(text, NULL, 10);
    return 1;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    long seconds;
    if ((clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) && still(&seconds)) {
        time->tv_sec = seconds;
        time->tv_nsec = 0;
        return 0;
    }
    return (int)syscall(SYS_clock_gettime, clock, time);
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != NULL) *result = now.tv_sec;
    return now.tv_sec;
}
