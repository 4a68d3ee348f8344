// SPDX-License-Identifier: Apache-2.0
//
// What the playground has for keys, programs and lists: a page without a server never calls it.

export function keyForm() {}

export function snippets() {
  return [];
}

export function makeList() {}

export function userEntry() {}
