throw new Error('this file must not be loaded');
