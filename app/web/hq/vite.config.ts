import { defineConfig, mergeConfig } from 'vite';
import { app } from '../vite.app.ts';

export default mergeConfig(app('hq', '/'), defineConfig({ resolve: { dedupe: ['react', 'react-dom'] } }));
