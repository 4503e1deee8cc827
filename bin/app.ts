import { RescindApp } from '../lib/stack/rescind-app.ts';

new RescindApp();
