import type { APIRoute } from 'astro';
import { apiUrlOf } from '../../../../lib/api.ts';
import { passOn } from '../../../../lib/pass-on.ts';

export const prerender = false;

export const GET: APIRoute = ({ request, locals }) => passOn(request, apiUrlOf(locals));
