/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    /** The API of the site that answers this request; absent while a page is prerendered. */
    apiUrl?: string;
  }
}
