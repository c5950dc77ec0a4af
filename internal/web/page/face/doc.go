// Package facepage shows open profiles: who somebody says she is, and what she wrote.
//
// It promises to show of a former member nothing but that she was here. It
// refuses to know members: the door hands it a face and what that face published.
package facepage
