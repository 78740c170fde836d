#define _GNU_SOURCE
#include "RawLoops.h"

#include <CPlatform.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void raw_hurry(void) { (void)setpriority(PRIO_PROCESS, (id_t)recount_thread_id(), -20); }

int raw_run_child(char *const arguments[], const char *output, struct raw_child *child) {
    posix_spawn_file_actions_t actions;
    pid_t process;
    int status;
    struct rusage usage;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(
        &actions, STDOUT_FILENO, output ? output : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int64_t started = recount_monotonic_clock();
    int code = posix_spawnp(&process, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (code) return code;
    while (wait4(process, &status, 0, &usage) < 0) {
        if (errno != EINTR) return errno;
    }
    child->seconds = (double)(recount_monotonic_clock() - started) * 1e-9;
    child->processor = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    child->memory = (int64_t)usage.ru_maxrss * 1024;
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return 0;
}
