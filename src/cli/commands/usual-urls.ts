/** Where a hub serves devices, publishers and subscribers unless told otherwise. */
export const USUAL_HUB = 'http://127.0.0.1:8080';

/** Where it serves its operators. */
export const USUAL_ADMIN = 'http://127.0.0.1:8081';
