/** Uses a processor up until it is ended: one of a steady load. */
for (;;);
